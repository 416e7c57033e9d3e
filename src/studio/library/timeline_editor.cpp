// SPDX-License-Identifier: Apache-2.0
#include "studio/library/timeline_editor.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "studio/core/context.h"
#include "studio/state/automation.h"

namespace atelier::studio {
namespace {
constexpr double standard_gap = 2; // seconds from the last moment to a new one
}

bool TimelineEditor::shown() const {
    return !context_.state.timeline.curve.keyframes.empty();
}

double TimelineEditor::playhead() const {
    return playhead_of(context_.state.timeline.curve, context_.playback.animator().values().timeline_seconds);
}

double TimelineEditor::snapped(double seconds) const {
    const double snap = context_.state.timeline.snap;
    seconds = std::clamp(seconds, 0.0, 1e6);
    const double rate = timeline_rate(context_.state);
    if (const double beat = nearest_beat(context_.song, seconds / rate) * rate; beat != seconds && context_.song.song)
        return beat;
    return snap > 0 ? std::round(seconds / snap) * snap : seconds;
}

Keyframe* TimelineEditor::find(std::uint64_t id) {
    auto& keyframes = context_.state.timeline.curve.keyframes;
    const auto found = std::find_if(keyframes.begin(), keyframes.end(), [id](const Keyframe& m) { return m.id == id; });
    return found == keyframes.end() ? nullptr : &*found;
}

const Keyframe* TimelineEditor::find(std::uint64_t id) const {
    return const_cast<TimelineEditor*>(this)->find(id);
}

void TimelineEditor::tick() {
    TimelineState& timeline = context_.state.timeline;
    if (timeline.on && timeline.curve.keyframes.empty())
        leave();
    if (timeline.playing && !timeline.curve.loop &&
        context_.playback.animator().values().timeline_seconds >= length_of(timeline.curve))
        timeline.playing = false;
}

// Where another one stands already, it moves on to the next free place.
void TimelineEditor::insert(Keyframe keyframe) {
    auto& keyframes = context_.state.timeline.curve.keyframes;
    const auto taken = [&](double at) {
        return std::any_of(keyframes.begin(), keyframes.end(),
                           [at](const Keyframe& m) { return std::abs(m.seconds - at) < keyframe_gap; });
    };
    while (taken(keyframe.seconds))
        keyframe.seconds += keyframe_gap;
    const auto place = std::upper_bound(keyframes.begin(), keyframes.end(), keyframe.seconds,
                                        [](double at, const Keyframe& m) { return at < m.seconds; });
    keyframes.insert(place, std::move(keyframe));
}

std::uint64_t TimelineEditor::add() {
    TimelineState& timeline = context_.state.timeline;
    auto& keyframes = timeline.curve.keyframes;
    Keyframe keyframe;
    keyframe.id = context_.state.next_id++;
    keyframe.settings = context_.playback.render_settings_now();
    if (timeline.on) {
        keyframe.seconds = playhead();
    } else if (!keyframes.empty()) {
        keyframe.seconds = keyframes.back().seconds + standard_gap;
    }
    if (!keyframes.empty())
        keyframe.ease = keyframes.back().ease;
    const std::uint64_t id = keyframe.id;
    insert(std::move(keyframe));
    selected = id;
    return id;
}

std::uint64_t TimelineEditor::add(const LatentBlend& latent) {
    const std::uint64_t id = add();
    find(id)->settings.latent = latent;
    return id;
}

void TimelineEditor::update(std::uint64_t id) {
    if (Keyframe* keyframe = find(id))
        keyframe->settings = context_.playback.render_settings_now();
}

void TimelineEditor::remove(std::uint64_t id) {
    auto& keyframes = context_.state.timeline.curve.keyframes;
    if (!find(id))
        return;
    if (context_.state.timeline.on)
        context_.playback.morph_from_here();
    std::erase_if(keyframes, [id](const Keyframe& m) { return m.id == id; });
    if (selected == id)
        selected.reset();
    if (keyframes.empty())
        leave();
}

void TimelineEditor::retime(std::uint64_t id, double seconds) {
    auto& keyframes = context_.state.timeline.curve.keyframes;
    const auto found = std::find_if(keyframes.begin(), keyframes.end(), [id](const Keyframe& m) { return m.id == id; });
    if (found == keyframes.end())
        return;
    Keyframe keyframe = *found;
    keyframe.seconds = snapped(seconds);
    keyframes.erase(found);
    insert(std::move(keyframe));
}

void TimelineEditor::set_ease(std::uint64_t id, Easing ease) {
    if (Keyframe* keyframe = find(id))
        keyframe->ease = ease;
}

void TimelineEditor::set_loop(bool loop) {
    context_.state.timeline.curve.loop = loop;
}

void TimelineEditor::set_loop_seconds(double seconds) {
    context_.state.timeline.curve.loop_seconds = std::clamp(seconds, 0.1, 3600.0);
}

void TimelineEditor::set_in_beats(bool on) {
    TimelineState& timeline = context_.state.timeline;
    if (on == timeline.in_beats)
        return;
    const double a_second = context_.state.bpm / 60, by = on ? a_second : 1 / a_second;
    timeline.in_beats = on;
    for (Keyframe& each : timeline.curve.keyframes)
        each.seconds *= by;
    for (AutomationLane& lane : timeline.lanes) {
        for (LanePoint& point : lane.points)
            point.at *= by;
    }
    timeline.curve.loop_seconds *= by;
    context_.playback.animator().set_timeline_seconds(context_.playback.animator().values().timeline_seconds * by);
}

void TimelineEditor::enter() {
    TimelineState& timeline = context_.state.timeline;
    if (timeline.on || timeline.curve.keyframes.empty())
        return;
    context_.playback.morph_from_here();
    timeline.on = true;
    timeline.touched.clear();
}

void TimelineEditor::toggle_play() {
    TimelineState& timeline = context_.state.timeline;
    if (timeline.curve.keyframes.empty()) {
        context_.toasts.add(ToastKind::note, "The timeline is empty", "K adds what is shown as a moment.");
        return;
    }
    enter();
    timeline.playing = !timeline.playing;
    if (timeline.playing && !timeline.curve.loop && playhead() >= length_of(timeline.curve))
        context_.playback.animator().set_timeline_seconds(0);
}

void TimelineEditor::scrub(double seconds) {
    TimelineState& timeline = context_.state.timeline;
    if (timeline.curve.keyframes.empty())
        return;
    enter();
    timeline.playing = false;
    context_.playback.animator().set_timeline_seconds(std::clamp(seconds, 0.0, length_of(timeline.curve)));
}

void TimelineEditor::play_part(double from, double fade) {
    TimelineState& timeline = context_.state.timeline;
    if (timeline.curve.keyframes.empty())
        return;
    const RenderSettings before = context_.playback.render_settings_now();
    timeline.on = timeline.playing = true;
    timeline.touched.clear();
    context_.playback.animator().set_timeline_seconds(std::clamp(from, 0.0, length_of(timeline.curve)));
    context_.playback.animator().morph(context_.state, before, fade);
}

void TimelineEditor::go_to(std::uint64_t id) {
    const Keyframe* keyframe = find(id);
    if (!keyframe)
        return;
    context_.playback.morph_from_here();
    if (!std::exchange(context_.state.timeline.on, true))
        context_.state.timeline.touched.clear();
    context_.state.timeline.playing = false;
    context_.playback.animator().set_timeline_seconds(keyframe->seconds);
    selected = id;
}

void TimelineEditor::leave() {
    context_.playback.leave_timeline();
}

} // namespace atelier::studio
