// SPDX-License-Identifier: Apache-2.0
// ReleaseThread: lets go of what is large where nobody waits for it. Giving a model's memory back to the system takes
// as long as a picture. Owned by the Engine.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace atelier {

class ReleaseThread {
public:
    ReleaseThread() : thread_([this](const std::stop_token& stop) { run(stop); }) {}

    // From any thread, at once.
    void release(std::shared_ptr<const void> what) {
        if (!what) {
            return;
        }
        {
            const std::lock_guard lock(mutex_);
            waiting_.push_back(std::move(what));
        }
        wake_.notify_all();
    }

private:
    void run(const std::stop_token& stop) {
        while (true) {
            std::vector<std::shared_ptr<const void>> now;
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
                return;
            }
            now.swap(waiting_);
            lock.unlock();
        }
    }

    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::vector<std::shared_ptr<const void>> waiting_;
    std::jthread thread_; // last: it uses all of the above
};

} // namespace atelier
