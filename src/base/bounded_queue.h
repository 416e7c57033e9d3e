// SPDX-License-Identifier: Apache-2.0
// A bounded first-in-first-out queue between threads: what must not be lost (frames to encode, commands).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>

namespace atelier {

template <typename T> class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

    // False if the queue is full or closed; never waits.
    bool try_push(T value) {
        {
            const std::lock_guard lock(mutex_);
            if (closed_ || items_.size() >= capacity_) {
                return false;
            }
            items_.push_back(std::move(value));
        }
        changed_.notify_all();
        return true;
    }

    // Waits for room; false if the queue was closed or a stop asked for.
    bool push(T value, std::stop_token stop = {}) {
        {
            std::unique_lock lock(mutex_);
            const bool room = changed_.wait(lock, stop, [this] { return closed_ || items_.size() < capacity_; });
            if (!room || closed_) {
                return false;
            }
            items_.push_back(std::move(value));
        }
        changed_.notify_all();
        return true;
    }

    // Waits for an item; empty when the queue is closed and drained, or a stop was asked for.
    std::optional<T> pop(std::stop_token stop = {}) {
        std::optional<T> result;
        {
            std::unique_lock lock(mutex_);
            if (!changed_.wait(lock, stop, [this] { return closed_ || !items_.empty(); }) || items_.empty()) {
                return std::nullopt;
            }
            result = std::move(items_.front());
            items_.pop_front();
        }
        changed_.notify_all();
        return result;
    }

    // As pop, but gives up after `seconds`; drained() tells an end from a pause.
    std::optional<T> pop_within(double seconds) {
        std::optional<T> result;
        {
            std::unique_lock lock(mutex_);
            const auto wait = std::chrono::duration<double>(seconds);
            if (!changed_.wait_for(lock, wait, [this] { return closed_ || !items_.empty(); }) || items_.empty()) {
                return std::nullopt;
            }
            result = std::move(items_.front());
            items_.pop_front();
        }
        changed_.notify_all();
        return result;
    }

    // Closed and empty: nothing will ever come again.
    bool drained() const {
        const std::lock_guard lock(mutex_);
        return closed_ && items_.empty();
    }

    // No more items come in; those inside can still be popped.
    void close() {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        changed_.notify_all();
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return items_.size();
    }

private:
    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<T> items_;
    bool closed_ = false;
};

} // namespace atelier
