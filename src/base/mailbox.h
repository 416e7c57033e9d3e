// SPDX-License-Identifier: Apache-2.0
// A single-slot mailbox between two threads: a new value replaces one not yet taken (latest wins).
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>

namespace atelier {

template <typename T> class Mailbox {
public:
    // Never waits for the reader.
    void put(T value) {
        {
            const std::lock_guard lock(mutex_);
            slot_ = std::move(value);
        }
        ready_.notify_one();
    }

    // Empty if nothing new has come since the last take.
    std::optional<T> take() {
        const std::lock_guard lock(mutex_);
        std::optional<T> result = std::move(slot_);
        slot_.reset();
        return result;
    }

    // Waits for a value; empty only when a stop was asked for.
    std::optional<T> wait(std::stop_token stop) {
        std::unique_lock lock(mutex_);
        if (!ready_.wait(lock, stop, [this] { return slot_.has_value(); })) {
            return std::nullopt;
        }
        std::optional<T> result = std::move(slot_);
        slot_.reset();
        return result;
    }

private:
    std::mutex mutex_;
    std::condition_variable_any ready_;
    std::optional<T> slot_;
};

} // namespace atelier
