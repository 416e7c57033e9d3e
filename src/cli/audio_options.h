// SPDX-License-Identifier: Apache-2.0
// Options of a command whose pictures go to a piece of music. No torch.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "media/output.h"
#include "sound/song.h"
#include "studio/performance/performance_player.h"

namespace atelier {

struct AudioText {
    std::string file, map, codec;
    double from = 0;
};

// --audio, --map, --audio-from, --audio-codec
void add_audio_options(CLI::App& command, AudioText& text);

// The song, heard through, and what it moves. Throws Error for what makes no sense or can't be read, before long work.
struct AudioJob {
    std::shared_ptr<const sound::Song> song; // null: no sound
    studio::BesideTheLog beside;             // empty: it moves nothing
    double seconds = 0;                      // of it, from AudioText::from on
};
// `begins`: the second that the first picture of the output has, where only a part is made. Puts the sound into
// `output`.
AudioJob audio_job(const AudioText& text, double begins, media::OutputOptions& output);

} // namespace atelier
