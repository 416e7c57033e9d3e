// SPDX-License-Identifier: Apache-2.0
#include "studio/library/cues.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "studio/core/context.h"
#include "studio/library/presets.h"
#include "studio/library/timeline_editor.h"

namespace atelier::studio {

double CueList::seconds_of(const Cue& cue, double length) const {
    return cue.in_beats ? seconds_of_beats(context_.state, length) : length;
}

std::size_t CueList::next() const {
    return std::min(next_, context_.state.cues.size());
}

std::optional<double> CueList::comes_in() const {
    const auto& cues = context_.state.cues;
    if (!last_ || next() == cues.size() || cues[next()].after <= 0)
        return std::nullopt;
    return std::max(0.0, seconds_of(cues[next()], cues[next()].after) - since_);
}

void CueList::go() {
    const auto& cues = context_.state.cues;
    if (next() < cues.size())
        go_to(next());
    else
        context_.toasts.add(ToastKind::note, cues.empty() ? "There are no cues" : "That was the last cue",
                            cues.empty() ? "The CUES section holds them: presets, and parts of the timeline."
                                         : "Shift+Q goes back by one.");
}

void CueList::back() {
    if (last_ && *last_ > 0)
        go_to(*last_ - 1);
}

void CueList::stand_by(std::size_t cue) {
    next_ = cue;
}

void CueList::go_to(std::size_t which) {
    const auto& cues = context_.state.cues;
    if (which >= cues.size())
        return;
    const Cue cue = cues[which];
    const double fade = seconds_of(cue, cue.fade);
    stops_.reset();
    if (cue.kind == CueKind::preset) {
        presets_.recall(static_cast<std::size_t>(cue.preset), fade);
    } else if (timeline_.shown()) {
        timeline_.play_part(cue.from, fade);
        stops_ = cue.to;
    } else {
        context_.toasts.add(ToastKind::note, fmt::format("Cue {}: the timeline is empty", which + 1));
    }
    last_ = which;
    next_ = which + 1;
    since_ = 0;
}

void CueList::add(const Cue& cue) {
    context_.state.cues.push_back(cue);
}

void CueList::move(std::size_t cue, int by) {
    auto& cues = context_.state.cues;
    const auto to = static_cast<std::ptrdiff_t>(cue) + by;
    if (cue < cues.size() && to >= 0 && to < static_cast<std::ptrdiff_t>(cues.size()))
        std::swap(cues[cue], cues[static_cast<std::size_t>(to)]);
}

void CueList::remove(std::size_t cue) {
    auto& cues = context_.state.cues;
    if (cue >= cues.size())
        return;
    cues.erase(cues.begin() + static_cast<std::ptrdiff_t>(cue));
    if (next_ > cue)
        --next_;
    if (last_ && *last_ >= cue)
        last_ = *last_ > 0 ? std::optional(*last_ - 1) : std::nullopt;
}

void CueList::tick(double seconds) {
    since_ += seconds;
    TimelineState& timeline = context_.state.timeline;
    if (stops_ && !(timeline.on && timeline.playing))
        stops_.reset(); // a hand has taken it
    if (stops_ && context_.playback.animator().values().timeline_seconds >= *stops_) {
        timeline.playing = false;
        stops_.reset();
    }
    if (const auto left = comes_in(); left && *left <= 0)
        go();
}

} // namespace atelier::studio
