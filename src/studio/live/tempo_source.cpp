// SPDX-License-Identifier: Apache-2.0
#include "studio/live/tempo_source.h"

#include <algorithm>

#include "studio/state/parameters.h"

namespace atelier::studio {

bool TempoSource::playing() const {
    const StudioState& state = context_.state;
    return state.timeline.on ? state.timeline.playing : state.walk.playing;
}

bool TempoSource::turn(const LiveState& live, const std::function<void()>& toggle_play) {
    if (live.tempo_from != from_ || live.clock_device != device_) {
        follow_.forget();
        from_ = live.tempo_from;
        device_ = live.clock_device;
        set_ = 0;
    }
    const auto& read = from_ == TempoFrom::midi ? midi : link;
    reading_ = from_ == TempoFrom::own || !read ? inputs::ClockReading() : read(live);
    const double bpm = context_.state.bpm;
    if (from_ == TempoFrom::link && tell_link && set_ > 0 && bpm != set_) {
        tell_link(bpm);
        reading_.bpm = set_ = bpm;
    }
    const inputs::Followed next = follow_.follow(reading_, bpm, context_.playback.program().values().beat);
    if (next.bpm || next.beat) {
        const Parameter& row = parameter("performance.tempo");
        set_ = std::clamp(next.bpm.value_or(bpm), row.min, row.max);
        context_.playback.follow_tempo(set_, next.beat, next.leapt);
    }
    if (live.transport && next.playing && *next.playing != playing() && toggle_play)
        toggle_play();
    return context_.state.bpm != bpm;
}

} // namespace atelier::studio
