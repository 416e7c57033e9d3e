// SPDX-License-Identifier: Apache-2.0
// Copies a fragmented video's packets into a plain one of the same format, without encoding again, and puts sound
// beside them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "media/output.h"

namespace atelier::media {

class SoundTrack;

// `from` any one-stream file libav reads; `to` is overwritten. `format` is "mp4", whose index is then moved to the
// front, "mov", or "matroska". `last_seconds` is how long the last picture stands: fragments don't tell. Throws Error.
//
// With `sound` that is the second stream, beside `pictures` of 1 / `rate` seconds each.
struct AddedSound {
    SoundTrack& track;
    std::int64_t pictures = 0;
    FrameRate rate;
};
void remux(const std::filesystem::path& from, const std::filesystem::path& to, const std::string& format,
           double last_seconds, const std::optional<AddedSound>& sound = {});

} // namespace atelier::media
