// SPDX-License-Identifier: Apache-2.0
// ByteReader: a position in borrowed bytes that can't leave them; every parser of this folder reads through one.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "base/error.h"

namespace atelier::io {

using Bytes = std::span<const std::uint8_t>;

inline std::string_view as_text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

class ByteReader {
public:
    explicit ByteReader(Bytes data, std::size_t position = 0) : data_(data), position_(position) {}

    std::size_t position() const { return position_; }
    std::size_t left() const { return data_.size() - position_; }

    // Throws Error when fewer than `count` bytes are left; `what` names them in the message.
    Bytes take(std::uint64_t count, const char* what) {
        if (count > left()) {
            if (count <= 8) {
                fail("ends too early: {} is cut off at byte {} (truncated file?)", what, data_.size());
            }
            fail("ends too early: {} of {} bytes begins at byte {} and {} are left (truncated file?)", what, count,
                 position_, left());
        }
        const Bytes result = data_.subspan(position_, static_cast<std::size_t>(count));
        position_ += result.size();
        return result;
    }

    // A little-endian integer, as this project's machines hold it.
    template <typename T> T little(const char* what) {
        T value;
        std::memcpy(&value, take(sizeof(T), what).data(), sizeof(T));
        return value;
    }

    // Up to the next line feed, which is consumed and not part of the result.
    std::string_view line(const char* what) {
        const auto* start = data_.data() + position_;
        const void* end = left() == 0 ? nullptr : std::memchr(start, '\n', left());
        if (end == nullptr) {
            fail("ends too early: {} at byte {} has no end of line (truncated file?)", what, position_);
        }
        const auto length = static_cast<std::size_t>(static_cast<const std::uint8_t*>(end) - start);
        const std::string_view text = as_text(take(length, what));
        ++position_;
        return text;
    }

private:
    Bytes data_;
    std::size_t position_;
};

} // namespace atelier::io
