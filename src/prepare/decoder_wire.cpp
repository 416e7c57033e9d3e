// SPDX-License-Identifier: Apache-2.0
#include "prepare/decoder_wire.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "prepare/pages.h"

namespace atelier::prepare {
namespace {

constexpr std::size_t most_text = 8192;

template <typename Struct> std::vector<std::uint8_t> packed_struct(const Struct& head, const std::string& text) {
    const std::size_t length = std::min(text.size(), most_text);
    std::vector<std::uint8_t> bytes(sizeof(Struct) + length);
    std::memcpy(bytes.data(), &head, sizeof(Struct));
    std::memcpy(bytes.data() + sizeof(Struct), text.data(), length);
    return bytes;
}

template <typename Struct> bool unpack(std::span<const std::uint8_t> bytes, Struct& head, std::string& text) {
    if (bytes.size() < sizeof(Struct) || bytes.size() > sizeof(Struct) + most_text) {
        return false;
    }
    std::memcpy(&head, bytes.data(), sizeof(Struct));
    text.assign(bytes.begin() + sizeof(Struct), bytes.end());
    return true;
}

bool fits(const HeaderFacts& facts) {
    return facts.width >= 1 && facts.height >= 1 && std::max(facts.width, facts.height) <= most_side &&
           facts.width * facts.height <= most_pixels;
}

bool plausible(const DecoderAnswer& answer, DecoderTask asked) {
    const auto truth = [](std::int32_t value) { return value == 0 || value == 1; };
    switch (asked) {
    case DecoderTask::open_picture:
        return fits({Kind::png, answer.stored_width, answer.stored_height}) &&
               answer.kind > static_cast<std::int32_t>(Kind::none) &&
               answer.kind <= static_cast<std::int32_t>(Kind::heif) && truth(answer.animated) &&
               answer.orientation >= 1 && answer.orientation <= 8;
    case DecoderTask::picture:
    case DecoderTask::frame:
        return fits({Kind::png, answer.width, answer.height}) && (answer.channels == 3 || answer.channels == 4) &&
               answer.transparent == (answer.channels == 4 ? 1 : 0);
    case DecoderTask::open_video: return std::isfinite(answer.seconds) && answer.seconds >= 0;
    case DecoderTask::heif_pages: return answer.pages <= most_pages + 1;
    case DecoderTask::close: return true;
    }
    return false;
}

} // namespace

std::vector<std::uint8_t> packed(const DecoderQuestion& question, const std::string& text) {
    return packed_struct(question, text);
}

std::vector<std::uint8_t> packed(const DecoderAnswer& answer, const std::string& text) {
    return packed_struct(answer, text);
}

std::optional<UnpackedQuestion> unpacked_question(std::span<const std::uint8_t> bytes) {
    UnpackedQuestion result;
    return unpack(bytes, result.question, result.text) ? std::optional(result) : std::nullopt;
}

std::optional<UnpackedAnswer> unpacked_answer(std::span<const std::uint8_t> bytes, DecoderTask asked) {
    UnpackedAnswer result;
    if (!unpack(bytes, result.answer, result.text)) {
        return std::nullopt;
    }
    const bool fine = result.answer.trouble == 0 ? plausible(result.answer, asked)
                                                 : result.answer.trouble == 1 && !result.text.empty();
    return fine ? std::optional(result) : std::nullopt;
}

} // namespace atelier::prepare
