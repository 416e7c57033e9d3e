// SPDX-License-Identifier: Apache-2.0
// What is said between the program and the process that reads a stranger's file. Both are the same program; but what
// the process says is checked as if a stranger had written it.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atelier::strangers {

using Bytes = std::vector<std::uint8_t>;

// The first byte of a question; the file's name follows, or how many pairs of samples are wanted.
enum class Task : std::uint8_t { model = 1, open_sound, read_sound };
// The first byte of an answer: a value follows, or a sentence.
enum class Outcome : std::uint8_t { done = 1, refused };

struct SoundFacts {
    double seconds = 0;
    std::int64_t rate = 0;
};

inline constexpr std::size_t longest_sentence = 8192, longest_name = 8192;
inline constexpr std::size_t sound_pairs = 32768; // at once, at most
inline constexpr std::size_t sound_bytes = sound_pairs * 2 * sizeof(float);

template <typename First> Bytes message(First first, std::string_view text) {
    Bytes bytes(1 + text.size());
    bytes[0] = static_cast<std::uint8_t>(first);
    if (!text.empty())
        std::memcpy(bytes.data() + 1, text.data(), text.size());
    return bytes;
}

template <typename First, typename Value> Bytes message_with(First first, const Value& value) {
    return message(first, {reinterpret_cast<const char*>(&value), sizeof value});
}

template <typename Value> std::optional<Value> value_of(std::span<const std::uint8_t> bytes) {
    Value value{};
    if (bytes.size() != 1 + sizeof value)
        return std::nullopt;
    std::memcpy(&value, bytes.data() + 1, sizeof value);
    return value;
}

inline std::string text_of(std::span<const std::uint8_t> bytes) {
    return {bytes.begin() + (bytes.empty() ? 0 : 1), bytes.end()};
}

} // namespace atelier::strangers
