// SPDX-License-Identifier: Apache-2.0
// Copies a fragmented video's packets into a plain one of the same format, without encoding again.
#pragma once

#include <filesystem>
#include <string>

namespace atelier::media {

// `from` any one-stream file libav reads; `to` is overwritten. `format` is "mp4", whose index is then moved to the
// front, or "mov". `last_seconds` is how long the last picture stands: fragments don't tell. Throws Error.
void remux(const std::filesystem::path& from, const std::filesystem::path& to, const std::string& format,
           double last_seconds);

} // namespace atelier::media
