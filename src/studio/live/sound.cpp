// SPDX-License-Identifier: Apache-2.0
#include "studio/live/sound.h"

#include <algorithm>
#include <cmath>

#include "base/clock.h"
#include "sound/sources.h"
#include "studio/performance/performance_export.h"
#include "studio/performance/song_driver.h"
#include "studio/state/automation.h"

namespace atelier::studio {

sound::SoundOptions options_of(const SoundState& state) {
    return sound::clamped({{state.bass_from, state.mid_from, state.high_from, state.high_to},
                           state.gain,
                           state.levelling,
                           state.sensitivity});
}

void LiveSound::look() {
    if (!input_)
        input_ = std::make_unique<inputs::AudioInput>(hub_, port_);
    input_->look();
}

inputs::AudioInputStatus LiveSound::input() const {
    return input_ ? input_->status() : inputs::AudioInputStatus{};
}

inputs::AudioOutputStatus LiveSound::output() const {
    return output_ ? output_->status() : inputs::AudioOutputStatus{};
}

// A file that the state names is read again where it is heard otherwise: the same as an export hears.
void LiveSound::follow_song(const SoundState& state) {
    const sound::SoundOptions options = options_of(state);
    if (state.song == file_ && (file_.empty() || options == options_))
        return;
    if (state.song == file_ && context_.ui.hand_down)
        return; // when the hand is done
    if (state.song != file_)
        forget_song();
    file_ = state.song;
    options_ = options;
    if (file_.empty()) {
        reading_.cancel();
        return;
    }
    reading_.start([file = std::filesystem::path(file_), options, keep = keep](const auto& report, const auto& stop) {
        return read_song(file, options, keep, report, stop);
    });
}

void LiveSound::forget_song() {
    context_.song.song.reset();
    sources_.reset();
    samples_.reset();
    trouble_.clear();
    unheard_.clear();
    alone_ = false;
    position_ = 0;
}

bool LiveSound::tick() {
    auto outcome = reading_.take_outcome();
    if (!outcome)
        return reading();
    if (!outcome->result) {
        trouble_ = outcome->message;
        context_.toasts.add(ToastKind::bad, "The song was not opened", trouble_);
        return true;
    }
    trouble_.clear();
    unheard_.clear();
    context_.song.song = outcome->result->song;
    samples_ = outcome->result->samples;
    if (!samples_)
        context_.toasts.add(ToastKind::bad, "The song moves the picture and isn't heard",
                            unheard_ = outcome->result->unheard);
    sources_.emplace(outcome->result->song);
    return true;
}

void LiveSound::toggle_play() {
    if (!song())
        return;
    if (!context_.state.timeline.curve.keyframes.empty()) {
        context_.commands.play_timeline();
        return;
    }
    alone_ = !alone_;
    if (alone_ && position_ >= song()->seconds)
        position_ = 0;
}

void LiveSound::seek(double seconds) {
    if (song())
        position_ = std::clamp(seconds, 0.0, song()->seconds);
}

// To where the song is after this turn. True while it runs.
bool LiveSound::move_on(double seconds) {
    const TimelineState& timeline = context_.state.timeline;
    if (timeline.on) {
        alone_ = false;
        const double rate = timeline_rate(context_.state);
        const double at = playhead_of(timeline.curve, context_.playback.animator().values().timeline_seconds) / rate;
        const bool runs = timeline.playing && !context_.state.view.frozen;
        position_ = at + (runs ? seconds : 0);
        return runs && position_ <= song()->seconds;
    }
    if (alone_)
        position_ += seconds;
    if (position_ > song()->seconds)
        alone_ = false;
    return alone_;
}

void LiveSound::say(const std::vector<SourceReading>& news) {
    for (const SourceReading& each : news) {
        if (each.source != sound::onset_source) {
            hub_.set(each.source, each.value);
            continue;
        }
        for (int i = 0; i < each.hits; ++i)
            hub_.hit(each.source, each.strength);
        if (each.hits == 0)
            hub_.release(each.source);
        else
            onset_at_ = steady_seconds();
    }
}

void LiveSound::turn(const SoundState& state, double seconds) {
    follow_song(state);
    context_.song.snap = state.snap_to_beats;
    const bool ran = song_runs_;
    song_runs_ = song() && move_on(seconds);
    context_.song.file = file_;
    context_.song.position = position_;
    context_.song.plays = song_runs_;
    context_.song.volume = state.volume;
    if (song_runs_) {
        say(sources_->at(position_));
    } else if (ran && sources_) {
        say(sources_->silence());
    }
    if (state.on && !input_)
        input_ = std::make_unique<inputs::AudioInput>(hub_, port_);
    if (input_)
        input_->set({state.on, state.device, options_of(state), song_runs_});
    if (samples_ && !output_)
        output_ = std::make_unique<inputs::AudioOutput>(port_);
    if (output_) {
        output_->set(samples_, state.output);
        output_->follow(position_, song_runs_, state.volume);
    }
}

SoundMeters LiveSound::meters() const {
    SoundMeters out;
    if (song_runs_) {
        out.heard = true;
        out.reading = song()->at(position_);
        out.onset_age = steady_seconds() - onset_at_;
    } else if (const inputs::AudioInputStatus status = input(); status.listening) {
        out.heard = true;
        out.reading = status.reading;
        out.onset_age = status.onset_age;
        out.tempo = status.tempo;
    }
    if (song() && (song_runs_ || !out.heard))
        out.tempo = song()->tempo;
    return out;
}

void LiveSound::add_to(PerformanceExport& job, const LiveState& state) const {
    if (!song())
        return;
    job.output.sound.file = file_;
    const bool moves = std::ranges::any_of(
        state.connections, [](const Connection& each) { return each.on && each.source.starts_with("audio/"); });
    if (!moves)
        return;
    job.performance.state.modulated.clear(); // of this moment
    job.beside = [driver = std::make_shared<SongDriver>(context_.song.song, state.connections)](
                     StudioState& moved, double seconds) { return driver->advance(moved, seconds); };
}

} // namespace atelier::studio
