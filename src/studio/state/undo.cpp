// SPDX-License-Identifier: Apache-2.0
#include "studio/state/undo.h"

#include <utility>

namespace atelier::studio {

void Undo::reset(const StudioState& state) {
    current_ = {StateSnapshot(state), document_ = 0, {}};
    open_ = false;
    behind_.clear();
    ahead_.clear();
}

void Undo::close() {
    if (!open_)
        return;
    open_ = false;
    if (newest_ == current_.state && newest_beside_ == current_.beside)
        return;
    behind_.push_back(std::exchange(current_, {newest_, document_, newest_beside_}));
    ahead_.clear();
    if (behind_.size() > most_steps)
        behind_.pop_front();
}

void Undo::adopt(const Beside& beside) {
    current_.beside = newest_beside_ = beside;
}

void Undo::adopt(const StudioState& now) {
    StateSnapshot& last = open_ ? newest_ : current_.state;
    last = StateSnapshot(now, &last);
}

void Undo::follow(const StudioState& now, bool continuous, const Beside& beside) {
    const StateSnapshot& last = open_ ? newest_ : current_.state;
    if (!last.holds(now) || beside != this->beside()) {
        newest_ = StateSnapshot(now, &last);
        newest_beside_ = beside;
        open_ = true;
    }
    if (!continuous)
        close();
    if (!open_)
        current_.document = document_;
}

void Undo::amend(const Change& change) {
    const StateSnapshot* like = nullptr; // the one before: they mostly have the same
    const auto amended = [&](StateSnapshot& state) {
        auto directions = state.directions().get();
        auto oscillators = state.oscillators().get();
        change(directions, oscillators);
        state.set_directions(directions, oscillators, like);
        like = &state;
    };
    for (auto* steps : {&behind_, &ahead_}) {
        for (Step& each : *steps) {
            if (each.document == document_)
                amended(each.state);
        }
    }
    amended(current_.state);
    amended(newest_);
}

std::optional<StudioState> Undo::undo(const StudioState& now) {
    follow(now, false, beside());
    if (behind_.empty())
        return std::nullopt;
    ahead_.push_back(std::exchange(current_, std::move(behind_.back())));
    behind_.pop_back();
    document_ = current_.document;
    return current_.state.state(now);
}

std::optional<StudioState> Undo::redo(const StudioState& now) {
    follow(now, false, beside());
    if (ahead_.empty())
        return std::nullopt;
    behind_.push_back(std::exchange(current_, std::move(ahead_.back())));
    ahead_.pop_back();
    document_ = current_.document;
    return current_.state.state(now);
}

} // namespace atelier::studio
