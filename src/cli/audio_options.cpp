// SPDX-License-Identifier: Apache-2.0
#include "cli/audio_options.h"

#include <cmath>

#include "base/error.h"
#include "base/log.h"
#include "base/progress.h"
#include "cli/choose.h"
#include "cli/interrupt_guard.h"
#include "media/song_file.h"
#include "studio/performance/song_driver.h"
#include "studio/state/connection_file.h"

namespace atelier {
namespace {

std::shared_ptr<const sound::Song> hear(const std::string& file) {
    ProgressBar bar("Listening", "seconds");
    const auto song = std::make_shared<sound::Song>(media::load_song(file, {}, [&](double done, double all) {
        const int seconds = static_cast<int>(done);
        bar.update(seconds, std::max(seconds, static_cast<int>(std::lround(all))));
    }));
    const std::string tempo = song->tempo.confidence < 0.1 ? "no tempo to speak of"
                                                           : fmt::format("{:.1f} bpm ({:.0f} % sure)", song->tempo.bpm,
                                                                         100 * song->tempo.confidence);
    bar.close(
        fmt::format("Heard {}: {}, {} onsets, {}.", file, duration_text(song->seconds), song->onsets.size(), tempo));
    return song;
}

} // namespace

void add_audio_options(CLI::App& command, AudioText& text) {
    command.add_option("--audio", text.file,
                       "Music, or a video with sound: it goes into the video, and moves what --map connects");
    command.add_option(
        "--map", text.map,
        "Connections from audio/level, bass, mid, high and onset to parameters, as the studio saves them");
    command.add_option("--audio-from", text.from, "Second of the music at second 0 of the pictures")
        ->capture_default_str();
    command.add_option("--audio-codec", text.codec, "aac or pcm; AAC in .mp4, PCM in .mov and .mkv unless told");
}

AudioJob audio_job(const AudioText& text, double begins, media::OutputOptions& output) {
    if (text.file.empty()) {
        for (const auto& [name, given] : {std::pair{"--map", !text.map.empty()},
                                          {"--audio-from", text.from != 0},
                                          {"--audio-codec", !text.codec.empty()}}) {
            if (given) {
                fail("{} needs music: name some with --audio.", name);
            }
        }
        return {};
    }
    using media::SoundCodec;
    output.sound.file = text.file;
    output.sound.from = text.from + begins;
    if (!text.codec.empty()) {
        output.sound.codec =
            choose<SoundCodec>(text.codec, "--audio-codec", {{"aac", SoundCodec::aac}, {"pcm", SoundCodec::pcm}});
    }
    if (!std::isfinite(text.from) || text.from < 0) {
        fail("--audio-from is {}; it must be 0 or more seconds.", text.from);
    }
    media::check_values(output);
    std::vector<studio::Connection> connections;
    if (!text.map.empty()) {
        connections = studio::load_connections(text.map);
        for (const std::string& each : studio::warnings_of(connections, text.map)) {
            log_warning("{}", each);
        }
    }
    AudioJob job;
    job.song = hear(text.file);
    job.seconds = job.song->seconds - text.from;
    if (job.seconds <= 0) {
        fail("{} is {:.1f} s long; --audio-from {:g} lies behind its end.", text.file, job.song->seconds, text.from);
    }
    if (!connections.empty()) {
        job.beside = [driver = std::make_shared<studio::SongDriver>(job.song, connections, text.from)](
                         studio::StudioState& state, double seconds) { return driver->advance(state, seconds); };
    }
    return job;
}

} // namespace atelier
