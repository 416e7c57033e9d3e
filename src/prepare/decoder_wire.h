// SPDX-License-Identifier: Apache-2.0
// What is said between SandboxedDecoder and its process. Both are the same build on the same machine, so plain structs
// do; but what the process says is checked as if a stranger had written it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "prepare/picture_header.h"

namespace atelier::prepare {

// For any picture that is read, as 8-bit BGRA.
inline constexpr std::size_t shared_bytes = static_cast<std::size_t>(most_pixels) * 4;

enum class DecoderTask : std::int32_t { open_picture = 1, picture, open_video, frame, heif_pages, close };

struct DecoderQuestion {
    DecoderTask task = DecoderTask::close;
    std::int32_t page = 0;
    double seconds = 0;
};

struct DecoderAnswer {
    std::int32_t trouble = 0; // 1: an Error, whose text follows
    std::int32_t kind = 0, animated = 0, orientation = 1;
    std::int64_t stored_width = 0, stored_height = 0; // of HeaderFacts
    std::int32_t width = 0, height = 0, channels = 0; // of the picture in the shared memory
    std::int32_t transparent = 0;
    std::uint64_t pages = 0;
    double seconds = 0;
};

// A struct and the text behind it, as bytes of a message; a text that is too long is cut.
std::vector<std::uint8_t> packed(const DecoderQuestion& question, const std::string& text);
std::vector<std::uint8_t> packed(const DecoderAnswer& answer, const std::string& text);

struct UnpackedQuestion {
    DecoderQuestion question;
    std::string text;
};
struct UnpackedAnswer {
    DecoderAnswer answer;
    std::string text;
};
std::optional<UnpackedQuestion> unpacked_question(std::span<const std::uint8_t> bytes);
// Empty: no decoder of ours says this of a picture or video: sizes beyond the limits, numbers that there aren't.
std::optional<UnpackedAnswer> unpacked_answer(std::span<const std::uint8_t> bytes, DecoderTask asked);

} // namespace atelier::prepare
