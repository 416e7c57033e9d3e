// SPDX-License-Identifier: Apache-2.0
// How sound is named as a source of connections (base/source_reading.h).
#pragma once

#include <array>

namespace atelier::sound {

inline constexpr const char* level_source = "audio/level";
inline constexpr const char* bass_source = "audio/bass";
inline constexpr const char* mid_source = "audio/mid";
inline constexpr const char* high_source = "audio/high";
inline constexpr const char* onset_source = "audio/onset"; // a trigger
inline constexpr std::array value_sources{level_source, bass_source, mid_source, high_source};

} // namespace atelier::sound
