// SPDX-License-Identifier: Apache-2.0
// Copies a video's packets into a plain MP4 with its index in front, without encoding again.
#pragma once

#include <filesystem>

namespace atelier::media {

// `from` any one-stream file libav reads; `to` is overwritten. `last_seconds` is how long the last picture stands:
// fragments don't tell. Throws Error.
void remux_mp4(const std::filesystem::path& from, const std::filesystem::path& to, double last_seconds);

} // namespace atelier::media
