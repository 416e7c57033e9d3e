// SPDX-License-Identifier: Apache-2.0
#include "studio/library/timeline_editor.h"

#include <algorithm>
#include <cmath>

#include "studio/studio.h"

namespace atelier::studio {
namespace {
constexpr double standard_gap = 2; // seconds from the last moment to a new one
}

bool Moments::shown() const {
    return !studio_.state.timeline.curve.moments.empty();
}

double Moments::playhead() const {
    const Timeline& curve = studio_.state.timeline.curve;
    const double seconds = studio_.motion().values().timeline_seconds;
    const double end = length_of(curve);
    if (!curve.loop || seconds <= end || curve.moments.size() < 2)
        return std::min(seconds, end);
    const double start = curve.moments.front().seconds;
    return start + std::fmod(seconds - start, end - start);
}

double Moments::snapped(double seconds) const {
    const double snap = studio_.state.timeline.snap;
    seconds = std::clamp(seconds, 0.0, 1e6);
    return snap > 0 ? std::round(seconds / snap) * snap : seconds;
}

Moment* Moments::find(std::uint64_t id) {
    auto& moments = studio_.state.timeline.curve.moments;
    const auto found = std::find_if(moments.begin(), moments.end(), [id](const Moment& m) { return m.id == id; });
    return found == moments.end() ? nullptr : &*found;
}

const Moment* Moments::find(std::uint64_t id) const {
    return const_cast<Moments*>(this)->find(id);
}

void Moments::tick() {
    TimelineState& timeline = studio_.state.timeline;
    if (timeline.on && timeline.curve.moments.empty())
        leave();
    if (timeline.playing && !timeline.curve.loop &&
        studio_.motion().values().timeline_seconds >= length_of(timeline.curve))
        timeline.playing = false;
}

// Where another one stands already, it moves on to the next free place.
void Moments::insert(Moment moment) {
    auto& moments = studio_.state.timeline.curve.moments;
    const auto taken = [&](double at) {
        return std::any_of(moments.begin(), moments.end(),
                           [at](const Moment& m) { return std::abs(m.seconds - at) < moment_gap; });
    };
    while (taken(moment.seconds))
        moment.seconds += moment_gap;
    const auto place = std::upper_bound(moments.begin(), moments.end(), moment.seconds,
                                        [](double at, const Moment& m) { return at < m.seconds; });
    moments.insert(place, std::move(moment));
}

std::uint64_t Moments::add() {
    TimelineState& timeline = studio_.state.timeline;
    auto& moments = timeline.curve.moments;
    Moment moment;
    moment.id = studio_.state.next_id++;
    moment.look = studio_.look_now();
    if (timeline.on) {
        moment.seconds = playhead();
    } else if (!moments.empty()) {
        moment.seconds = moments.back().seconds + standard_gap;
    }
    if (!moments.empty())
        moment.ease = moments.back().ease;
    const std::uint64_t id = moment.id;
    insert(std::move(moment));
    selected = id;
    return id;
}

std::uint64_t Moments::add(const LatentBlend& latent) {
    const std::uint64_t id = add();
    find(id)->look.latent = latent;
    return id;
}

void Moments::update(std::uint64_t id) {
    if (Moment* moment = find(id))
        moment->look = studio_.look_now();
}

void Moments::remove(std::uint64_t id) {
    auto& moments = studio_.state.timeline.curve.moments;
    if (!find(id))
        return;
    if (studio_.state.timeline.on)
        studio_.morph_from_here();
    std::erase_if(moments, [id](const Moment& m) { return m.id == id; });
    if (selected == id)
        selected.reset();
    if (moments.empty())
        leave();
}

void Moments::retime(std::uint64_t id, double seconds) {
    auto& moments = studio_.state.timeline.curve.moments;
    const auto found = std::find_if(moments.begin(), moments.end(), [id](const Moment& m) { return m.id == id; });
    if (found == moments.end())
        return;
    Moment moment = *found;
    moment.seconds = snapped(seconds);
    moments.erase(found);
    insert(std::move(moment));
}

void Moments::set_ease(std::uint64_t id, MomentEase ease) {
    if (Moment* moment = find(id))
        moment->ease = ease;
}

void Moments::set_loop(bool loop) {
    studio_.state.timeline.curve.loop = loop;
}

void Moments::set_loop_seconds(double seconds) {
    studio_.state.timeline.curve.loop_seconds = std::clamp(seconds, 0.1, 3600.0);
}

void Moments::enter() {
    TimelineState& timeline = studio_.state.timeline;
    if (timeline.on || timeline.curve.moments.empty())
        return;
    studio_.morph_from_here();
    timeline.on = true;
}

void Moments::toggle_play() {
    TimelineState& timeline = studio_.state.timeline;
    if (timeline.curve.moments.empty()) {
        studio_.toasts.add(ToastKind::note, "The timeline is empty", "K adds what is shown as a moment.");
        return;
    }
    enter();
    timeline.playing = !timeline.playing;
    if (timeline.playing && !timeline.curve.loop && playhead() >= length_of(timeline.curve))
        studio_.set_timeline_seconds(0);
}

void Moments::scrub(double seconds) {
    TimelineState& timeline = studio_.state.timeline;
    if (timeline.curve.moments.empty())
        return;
    enter();
    timeline.playing = false;
    studio_.set_timeline_seconds(std::clamp(seconds, 0.0, length_of(timeline.curve)));
}

void Moments::go_to(std::uint64_t id) {
    const Moment* moment = find(id);
    if (!moment)
        return;
    studio_.morph_from_here();
    studio_.state.timeline.on = true;
    studio_.state.timeline.playing = false;
    studio_.set_timeline_seconds(moment->seconds);
    selected = id;
}

void Moments::leave() {
    if (!studio_.state.timeline.on)
        return;
    if (shown())
        studio_.morph_from_here();
    studio_.state.timeline.on = studio_.state.timeline.playing = false;
}

} // namespace atelier::studio
