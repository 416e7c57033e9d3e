// SPDX-License-Identifier: Apache-2.0
#include "studio/state/undo.h"

#include <utility>

namespace atelier::studio {
namespace {

// How one looks at the picture and whether it moves is no work that could be lost, and taking it back in front of
// people would surprise.
void copy_passing(const StudioState& from, StudioState& to) {
    to.view = from.view;
    to.walk.playing = from.walk.playing;
    to.timeline.playing = from.timeline.playing;
    to.timeline.on = from.timeline.on && !to.timeline.curve.keyframes.empty();
    to.next_id = from.next_id;
}

StudioState without_passing(StudioState state) {
    copy_passing(StudioState{}, state);
    return state;
}

StudioState with_passing(StudioState state, const StudioState& from) {
    copy_passing(from, state);
    return state;
}

} // namespace

void Undo::reset(const StudioState& state) {
    seen_ = state;
    current_ = {without_passing(state), document_ = 0};
    open_ = false;
    behind_.clear();
    ahead_.clear();
}

void Undo::close() {
    if (!open_)
        return;
    open_ = false;
    if (newest_ == current_.state)
        return;
    behind_.push_back(std::exchange(current_, {newest_, document_}));
    ahead_.clear();
    if (behind_.size() > most_steps)
        behind_.pop_front();
}

void Undo::follow(const StudioState& now, bool continuous) {
    if (now != seen_) {
        seen_ = now;
        const StudioState document = without_passing(now);
        if (document != (open_ ? newest_ : current_.state)) {
            newest_ = document;
            open_ = true;
        }
    }
    if (!continuous)
        close();
    if (!open_)
        current_.document = document_;
}

void Undo::amend(const std::function<void(StudioState&)>& change) {
    change(seen_);
    change(newest_);
    change(current_.state);
    for (auto* steps : {&behind_, &ahead_}) {
        for (Step& each : *steps) {
            if (each.document == document_)
                change(each.state);
        }
    }
}

std::optional<StudioState> Undo::undo(const StudioState& now) {
    follow(now, false);
    if (behind_.empty())
        return std::nullopt;
    ahead_.push_back(std::exchange(current_, std::move(behind_.back())));
    behind_.pop_back();
    seen_ = with_passing(current_.state, now);
    document_ = current_.document;
    return seen_;
}

std::optional<StudioState> Undo::redo(const StudioState& now) {
    follow(now, false);
    if (ahead_.empty())
        return std::nullopt;
    behind_.push_back(std::exchange(current_, std::move(ahead_.back())));
    ahead_.pop_back();
    seen_ = with_passing(current_.state, now);
    document_ = current_.document;
    return seen_;
}

} // namespace atelier::studio
