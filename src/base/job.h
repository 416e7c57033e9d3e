// SPDX-License-Identifier: Apache-2.0
// Job: one kind of work in the background. One piece is at work at a time, on a thread of its own; it tells how far it
// is, can be cancelled, and ends with a result or one sentence. Every call but wait() and the destructor returns at
// once; all can come from any thread. Where every piece has to be carried out, and in its turn, see base/job_queue.h.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"

namespace atelier {

enum class JobState {
    idle,     // nothing was asked for yet, or it was forgotten
    running,  // at work, or waiting for a replaced one to stop
    stopping, // cancelled, but still at work
    done,
    cancelled,
    failed,
};

struct JobOptions {
    int niceness = 0;              // of its thread, 0 to 19: how much it lets others go first
    std::function<void()> begin{}; // first on its thread: how many cores its operations take, for instance

    // On that thread, before any work.
    void apply() const {
        if (niceness > 0) { // not being allowed to is no reason to stop
            ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), niceness);
        }
        if (begin) {
            begin();
        }
    }
};

// How a piece of work ended: with a result, or with a sentence.
template <typename Result> struct JobOutcome {
    std::optional<Result> result;
    std::string message; // why there is no result
};

// For work that says nothing on its way, or that ends with nothing.
using Nothing = std::monostate;

template <typename Progress, typename Result> class Job {
public:
    struct Status {
        JobState state = JobState::idle;
        Progress progress{};
        std::string message; // failed: why, in one sentence
        bool busy() const { return state == JobState::running || state == JobState::stopping; }
    };
    using Report = std::function<void(const Progress&)>;
    // Asks `stop` now and then; what it returns when stopped is kept too. Anything thrown becomes the sentence.
    using Work = std::function<Result(const Report& report, const std::stop_token& stop)>;

    explicit Job(JobOptions options = {}) : options_(std::move(options)) {}
    // Cancels and waits.
    ~Job() {
        {
            const std::lock_guard lock(mutex_);
            current_.request_stop();
            waiting_ = nullptr;
        }
        thread_ = {};
    }
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;

    // Begins at once, or as soon as what it takes the place of has stopped; that one is cancelled, and of any that
    // waited only the newest is ever carried out. `progress` is what status() says before the first report.
    void start(Work work, Progress progress = {}) {
        std::optional<Result> let_go; // outside the lock: it may be large
        {
            const std::lock_guard lock(mutex_);
            renew(JobState::running, let_go);
            status_.progress = std::move(progress);
            waiting_ = std::move(work);
            if (!thread_.joinable()) {
                thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
            }
        }
        wake_.notify_all();
    }
    // Asks what is at work to stop: stopping, then cancelled.
    void cancel() {
        {
            const std::lock_guard lock(mutex_);
            if (status_.state != JobState::running) {
                return;
            }
            current_.request_stop();
            status_.state = waiting_ ? JobState::cancelled : JobState::stopping;
            waiting_ = nullptr;
        }
        wake_.notify_all();
    }
    // Cancels, and nothing is told of it any more: idle.
    void forget() {
        std::optional<Result> let_go;
        const std::lock_guard lock(mutex_);
        renew(JobState::idle, let_go);
        waiting_ = nullptr;
    }
    Status status() const {
        const std::lock_guard lock(mutex_);
        return status_;
    }
    // Of one that is done or cancelled, once.
    std::optional<Result> take_result() {
        const std::lock_guard lock(mutex_);
        return std::exchange(result_, std::nullopt);
    }
    // How it ended, once; idle from then on. None: it is at work, was cancelled, or was told already.
    std::optional<JobOutcome<Result>> take_outcome() {
        const std::lock_guard lock(mutex_);
        if (status_.state != JobState::done && status_.state != JobState::failed) {
            return {};
        }
        JobOutcome<Result> outcome{std::exchange(result_, std::nullopt), std::move(status_.message)};
        status_ = {};
        return outcome;
    }
    // It is at work, or its end was not taken yet.
    bool pending() const { return status().state != JobState::idle; }
    // Until nothing is at work any more.
    void wait() {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return !status_.busy(); });
    }

private:
    // Whatever is at work is of the past from here on. Under the mutex.
    void renew(JobState state, std::optional<Result>& let_go) {
        current_.request_stop();
        current_ = std::stop_source();
        status_ = {};
        status_.state = state;
        let_go = std::exchange(result_, std::nullopt);
    }
    void run(const std::stop_token& end) {
        options_.apply();
        while (true) {
            Work work;
            std::stop_source mine{std::nostopstate};
            {
                std::unique_lock lock(mutex_);
                if (!wake_.wait(lock, end, [this] { return waiting_ != nullptr; })) {
                    return;
                }
                work = std::exchange(waiting_, nullptr);
                mine = current_;
            }
            carry_out(work, mine);
            wake_.notify_all();
        }
    }
    void carry_out(const Work& work, const std::stop_source& mine) {
        const auto report = [&](const Progress& progress) {
            const std::lock_guard lock(mutex_);
            if (mine == current_) {
                status_.progress = progress;
            }
        };
        std::optional<Result> result;
        std::string message;
        bool failed = false;
        try {
            result = work(report, mine.get_token());
        } catch (const std::exception& error) {
            failed = true;
            message = message_of(error);
        }
        const std::lock_guard lock(mutex_);
        if (mine != current_) { // the status is of a newer one
            return;
        }
        status_.state = failed ? JobState::failed : mine.stop_requested() ? JobState::cancelled : JobState::done;
        status_.message = std::move(message);
        result_ = std::move(result);
    }

    const JobOptions options_;
    mutable std::mutex mutex_;
    std::condition_variable_any wake_;
    Status status_;
    Work waiting_;
    std::optional<Result> result_;
    std::stop_source current_; // of the newest
    std::jthread thread_;      // last: it uses all of the above
};

} // namespace atelier
