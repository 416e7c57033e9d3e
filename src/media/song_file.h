// SPDX-License-Identifier: Apache-2.0
// A file of music, or the sound of a video, and all that is known of it by time.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>

#include "sound/song.h"

namespace atelier::media {

// Reads the whole file, piece by piece. progress: the seconds of it so far, and in all (0: not known); may be empty.
// Stopped: what was read until then. Throws Error as AudioReader does.
sound::Song load_song(const std::filesystem::path& path, const sound::SoundOptions& options = {},
                      const std::function<void(double seconds, double all)>& progress = {},
                      const std::stop_token& stop = {});

} // namespace atelier::media
