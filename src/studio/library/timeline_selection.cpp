// SPDX-License-Identifier: Apache-2.0
// Several moments at once: chosen, moved, copied, removed.
#include <algorithm>
#include <utility>

#include "studio/core/context.h"
#include "studio/library/timeline_editor.h"

namespace atelier::studio {
namespace {
constexpr double standard_gap = 2; // from the last moment to what is pasted after it
}

void TimelineEditor::choose(std::uint64_t id, bool toggle, bool range) {
    const auto& keyframes = context_.state.timeline.curve.keyframes;
    const auto place = [&](std::uint64_t of) { return std::ranges::find(keyframes, of, &Keyframe::id); };
    const auto here = place(id), there = selected ? place(*selected) : keyframes.end();
    if (range && here != keyframes.end() && there != keyframes.end()) {
        const auto first = std::min(here, there), last = std::max(here, there);
        chosen_.clear();
        for (auto each = first; each <= last; ++each)
            chosen_.push_back(each->id);
        return; // the range's other end stays where it began
    }
    if (!toggle) {
        chosen_ = {id};
    } else {
        if (chosen_.empty() && selected)
            chosen_ = {*selected};
        if (std::erase(chosen_, id) == 0)
            chosen_.push_back(id);
    }
    selected = id;
}

bool TimelineEditor::is_chosen(std::uint64_t id) const {
    return std::ranges::find(chosen_, id) != chosen_.end();
}

std::vector<Keyframe> TimelineEditor::take_chosen() {
    auto& keyframes = context_.state.timeline.curve.keyframes;
    std::vector<Keyframe> out;
    std::ranges::copy_if(keyframes, std::back_inserter(out), [this](const Keyframe& m) { return is_chosen(m.id); });
    std::erase_if(keyframes, [this](const Keyframe& m) { return is_chosen(m.id); });
    return out;
}

void TimelineEditor::move_chosen(double by) {
    std::vector<Keyframe> moved = take_chosen();
    if (moved.empty())
        return;
    by = std::max(by, -moved.front().seconds);
    for (Keyframe& each : moved) {
        each.seconds += by;
        insert(std::move(each));
    }
}

void TimelineEditor::copy_chosen() {
    copied_.clear();
    for (const Keyframe& each : context_.state.timeline.curve.keyframes) {
        if (is_chosen(each.id))
            copied_.push_back(each);
    }
    if (copied_.empty())
        return;
    const double first = copied_.front().seconds;
    for (Keyframe& each : copied_)
        each.seconds -= first;
}

void TimelineEditor::paste() {
    if (copied_.empty())
        return;
    const auto& keyframes = context_.state.timeline.curve.keyframes;
    const double at = context_.state.timeline.on ? playhead()
                      : keyframes.empty()        ? 0
                                                 : keyframes.back().seconds + standard_gap;
    chosen_.clear();
    for (Keyframe each : copied_) {
        each.id = context_.state.next_id++;
        each.seconds += at;
        chosen_.push_back(each.id);
        selected = each.id;
        insert(std::move(each));
    }
}

void TimelineEditor::remove_chosen() {
    if (std::ranges::none_of(context_.state.timeline.curve.keyframes,
                             [this](const Keyframe& m) { return is_chosen(m.id); }))
        return;
    if (context_.state.timeline.on)
        context_.playback.morph_from_here();
    take_chosen();
    chosen_.clear();
    selected.reset();
    if (context_.state.timeline.curve.keyframes.empty())
        leave();
}

} // namespace atelier::studio
