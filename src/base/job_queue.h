// SPDX-License-Identifier: Apache-2.0
// JobQueue: work in the background of which nothing may be lost: files that are to be written. The pieces are carried
// out one after another in the order given, on one thread; the destructor waits for all of them. What may be
// cancelled, or replaced by a newer wish, is a Job. Every call but wait...() and the destructor returns at once; all
// can come from any thread.
#pragma once

#include <chrono>
#include <deque>

#include "base/job.h"

namespace atelier {

template <typename Result> class JobQueue {
public:
    // Anything thrown becomes the sentence.
    using Work = std::function<Result()>;
    using Outcome = JobOutcome<Result>;

    explicit JobQueue(JobOptions options = {}) : options_(std::move(options)) {}
    ~JobQueue() {
        wait();
        thread_ = {};
    }
    JobQueue(const JobQueue&) = delete;
    JobQueue& operator=(const JobQueue&) = delete;

    void add(Work work) {
        {
            const std::lock_guard lock(mutex_);
            waiting_.push_back(std::move(work));
            ++unfinished_;
            if (!thread_.joinable()) {
                thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
            }
        }
        wake_.notify_all();
    }
    // The oldest that was not taken yet; none: nothing has ended.
    std::optional<Outcome> take() {
        const std::lock_guard lock(mutex_);
        if (ended_.empty()) {
            return {};
        }
        Outcome outcome = std::move(ended_.front());
        ended_.pop_front();
        return outcome;
    }
    // Something is at work or waits for its turn.
    bool working() const {
        const std::lock_guard lock(mutex_);
        return unfinished_ > 0;
    }
    // Something is at work, waits, or was not taken.
    bool pending() const {
        const std::lock_guard lock(mutex_);
        return unfinished_ > 0 || !ended_.empty();
    }
    // Until nothing is at work any more.
    void wait() {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return unfinished_ == 0; });
    }
    // False: it came to the deadline first.
    bool wait_until(std::chrono::steady_clock::time_point deadline) {
        std::unique_lock lock(mutex_);
        return wake_.wait_until(lock, deadline, [this] { return unfinished_ == 0; });
    }

private:
    void run(const std::stop_token& end) {
        options_.apply();
        while (true) {
            Work work;
            {
                std::unique_lock lock(mutex_);
                if (!wake_.wait(lock, end, [this] { return !waiting_.empty(); })) {
                    return;
                }
                work = std::move(waiting_.front());
                waiting_.pop_front();
            }
            Outcome outcome;
            try {
                outcome.result = work();
            } catch (const std::exception& error) {
                outcome.message = message_of(error);
            }
            work = nullptr; // what it holds goes here, not on the thread that asked
            {
                const std::lock_guard lock(mutex_);
                ended_.push_back(std::move(outcome));
                --unfinished_;
            }
            wake_.notify_all();
        }
    }

    const JobOptions options_;
    mutable std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<Work> waiting_;
    std::deque<Outcome> ended_;
    std::size_t unfinished_ = 0;
    std::jthread thread_; // last: it uses all of the above
};

} // namespace atelier
