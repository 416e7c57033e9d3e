// SPDX-License-Identifier: Apache-2.0
// What of a live recording plays that could not be written to its end.
#pragma once

#include <cstdint>
#include <filesystem>

namespace atelier::media {

// Cuts an MP4 or QuickTime file of fragments (ISO 14496-12) off after its last whole one; Matroska stays as it is.
// Returns how many pictures can be read from the file then, 0 where it can't be opened. Throws Error: unreadable.
std::int64_t salvage(const std::filesystem::path& file);

// How many pictures its index has, without reading them; 0 where it can't be opened.
std::int64_t pictures_listed(const std::filesystem::path& file);

// Whether whole boxes of an MP4 or QuickTime file lie between two of its bytes, the first of which begins one: where
// libav has no memory for a fragment's pictures, it leaves them out and says nothing. True where the file can't be
// opened.
bool are_whole(const std::filesystem::path& file, std::uint64_t from, std::uint64_t to);

// Whether an MP4 or QuickTime file has its index before its pictures: a row of fragments, as recordings have; not so an
// export that was never finished.
bool has_fragments(const std::filesystem::path& file);

} // namespace atelier::media
