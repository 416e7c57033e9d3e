// SPDX-License-Identifier: Apache-2.0
// LiveSound: what is heard - a device, or a song beside the timeline - as sources in the hub. The timeline's position
// is the truth: the song, its sources and what the loudspeakers play follow it. Part of Live, UI thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/job.h"
#include "inputs/audio_input.h"
#include "inputs/audio_output.h"
#include "sound/song_sources.h"
#include "studio/core/context.h"
#include "studio/live/song_reading.h"
#include "studio/state/live_state.h"

namespace atelier::studio {

// What is to be drawn of it at this moment.
struct SoundMeters {
    bool heard = false; // something says values
    sound::SoundReading reading;
    double onset_age = 1e9; // seconds
    sound::Tempo tempo;
};

class LiveSound {
public:
    LiveSound(StudioContext& context, inputs::InputHub& hub) : context_(context), hub_(hub) {}

    // Once a turn, before the hub is read: what the state says takes effect, and what sounds at this moment is told.
    void turn(const SoundState& state, double seconds);
    bool tick(); // a song has been read; true if what the window shows has changed
    bool busy() const { return song_runs_ || reading_.status().busy() || (input_ && input_->status().listening); }

    void look();                              // for devices
    inputs::AudioInputStatus input() const;   // of a device that was never asked for: nothing
    inputs::AudioOutputStatus output() const; // likewise
    SoundMeters meters() const;

    // --- the song
    const sound::Song* song() const { return context_.song.song.get(); }
    bool reading() const { return reading_.status().busy(); }
    double read_part() const { return reading_.status().progress; } // 0..1
    const std::string& trouble() const { return trouble_; }         // with the song's file
    const std::string& unheard() const { return unheard_; }         // why it can't be played; empty: it can
    SongKeeping keep;                                               // of the next one
    // Plays it with the timeline, or by itself where that is empty.
    void toggle_play();
    bool plays() const { return song_runs_; }
    double position() const { return position_; } // seconds
    void seek(double seconds);                    // while no timeline leads

    // What an export of the timeline needs: the sound, and what it moves.
    void add_to(PerformanceExport& job, const LiveState& state) const;

private:
    void follow_song(const SoundState& state);
    void forget_song();
    bool move_on(double seconds);
    void say(const std::vector<SourceReading>& news);

    StudioContext& context_;
    inputs::InputHub& hub_;
    std::shared_ptr<inputs::PortAudio> port_ = std::make_shared<inputs::PortAudio>();
    // From when they are first wanted.
    std::unique_ptr<inputs::AudioInput> input_;
    std::unique_ptr<inputs::AudioOutput> output_;

    Job<double, SongRead> reading_{{.niceness = 5}};
    std::string file_; // that is read or was
    sound::SoundOptions options_;
    std::string trouble_, unheard_;
    std::shared_ptr<const inputs::SongSamples> samples_;
    std::optional<sound::SongSources> sources_;
    double position_ = 0, onset_at_ = -1e9; // of the song; of a steady clock
    bool alone_ = false;                    // it plays by itself
    bool song_runs_ = false;
};

sound::SoundOptions options_of(const SoundState& state);

} // namespace atelier::studio
