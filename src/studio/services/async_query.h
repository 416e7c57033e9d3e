// SPDX-License-Identifier: Apache-2.0
// AsyncQuery: what a question comes to that may take a while - how the disk looks, what a file holds - found on another
// thread. The UI thread asks in each frame and never waits.
#pragma once

#include <chrono>
#include <optional>
#include <utility>

#include "base/job.h"

namespace atelier::studio {

template <class Question, class Result> class AsyncQuery {
public:
    // The newest answer to this question; null while it is being found. `find` takes the question, must not throw, and
    // runs on another thread; where `again` is not 0 it is asked anew so many seconds after it was answered.
    template <class Find> const Result* ask(const Question& question, Find find, double again = 1) {
        if (auto outcome = finding_.take_outcome(); outcome && outcome->result) {
            answer_ = {asked_, std::move(*outcome->result)};
            answered_ = Clock::now();
        }
        const bool known = answer_ && answer_->first == question;
        const bool old = known && again > 0 && std::chrono::duration<double>(Clock::now() - answered_).count() >= again;
        if ((!known || old) && !finding_.pending()) {
            asked_ = question;
            finding_.start([find = std::move(find), question](const auto&, const auto&) { return find(question); });
        }
        return known ? &answer_->second : nullptr;
    }

private:
    using Clock = std::chrono::steady_clock;
    Question asked_{};
    std::optional<std::pair<Question, Result>> answer_;
    Clock::time_point answered_{};
    Job<Nothing, Result> finding_;
};

} // namespace atelier::studio
