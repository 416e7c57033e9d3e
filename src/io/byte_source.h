// SPDX-License-Identifier: Apache-2.0
// ByteSource: bytes to be read at any position without holding all of them: a file, a part of one, or memory.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "io/byte_reader.h"

namespace atelier::io {

class InputFile;

class ByteSource {
public:
    // `data` must outlive the source.
    static ByteSource of(Bytes data);
    // The part of `file` from `offset` on; file must outlive the source and hold all of it.
    static ByteSource of(const InputFile& file, std::uint64_t offset, std::uint64_t size);
    static ByteSource of(const InputFile& file);

    std::uint64_t size() const { return size_; }
    // Exactly `count` bytes; throws Error as ByteReader::take, or what the file gives.
    std::vector<std::uint8_t> read(std::uint64_t offset, std::uint64_t count, const char* what) const;

private:
    using Read = std::function<void(std::uint64_t offset, void* into, std::size_t count)>;
    ByteSource(std::uint64_t size, Read read) : size_(size), read_(std::move(read)) {}

    std::uint64_t size_;
    Read read_;
};

} // namespace atelier::io
