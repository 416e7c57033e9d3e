// SPDX-License-Identifier: Apache-2.0
// ProtoWriter: the wire format of protocol buffers, as far as ONNX files need it. Written by hand, since LibTorch
// brings a protobuf library of its own along, to whose symbols a second one could bind.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace atelier::io {

class ProtoWriter {
public:
    void number(int field, std::int64_t value) { // int32, int64, enums
        varint(static_cast<std::uint64_t>(field) << 3);
        varint(static_cast<std::uint64_t>(value));
    }
    void real(int field, float value) {
        varint(static_cast<std::uint64_t>(field) << 3 | 5U);
        out_.append(reinterpret_cast<const char*>(&value), sizeof(value));
    }
    // Strings, bytes and messages.
    void bytes(int field, std::string_view value) {
        varint(static_cast<std::uint64_t>(field) << 3 | 2U);
        varint(value.size());
        out_ += value;
    }
    void message(int field, const ProtoWriter& value) { bytes(field, value.out_); }

    const std::string& text() const { return out_; }

private:
    void varint(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) {
            out_ += static_cast<char>(value | 0x80);
        }
        out_ += static_cast<char>(value);
    }

    std::string out_;
};

} // namespace atelier::io
