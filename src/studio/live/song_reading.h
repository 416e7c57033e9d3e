// SPDX-License-Identifier: Apache-2.0
// Reading a song: all that is known of it, and its samples for the loudspeakers. For a thread of its own.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "inputs/sample_file.h"
#include "inputs/song_voice.h"
#include "sound/song.h"

namespace atelier::studio {

// Where samples are kept for playing: 11 MB a minute at 48 kHz.
struct SongKeeping {
    std::size_t in_memory = 20UL * 60 * 48000 * 2; // samples of both sides; of a longer song all go into a file
    std::filesystem::path folder = inputs::sample_folder();
};

struct SongRead {
    std::shared_ptr<const sound::Song> song;
    std::shared_ptr<const inputs::SongSamples> samples; // null: it can't be heard
    std::string unheard;                                // why, in one sentence
};

// report: 0..1. Stopped: what was read until then. Throws Error as AudioReader does.
SongRead read_song(const std::filesystem::path& file, const sound::SoundOptions& options, const SongKeeping& keep,
                   const std::function<void(double)>& report, const std::stop_token& stop);

} // namespace atelier::studio
