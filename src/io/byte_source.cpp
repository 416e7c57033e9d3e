// SPDX-License-Identifier: Apache-2.0
#include "io/byte_source.h"

#include <cstring>

#include "io/input_file.h"

namespace atelier::io {

ByteSource ByteSource::of(Bytes data) {
    return {data.size(), [data](std::uint64_t offset, void* into, std::size_t count) {
                if (count > 0) {
                    std::memcpy(into, data.data() + offset, count);
                }
            }};
}

ByteSource ByteSource::of(const InputFile& file, std::uint64_t offset, std::uint64_t size) {
    return {size, [&file, offset](std::uint64_t at, void* into, std::size_t count) {
                file.read_at(offset + at, into, count);
            }};
}

ByteSource ByteSource::of(const InputFile& file) {
    return of(file, 0, file.size());
}

std::vector<std::uint8_t> ByteSource::read(std::uint64_t offset, std::uint64_t count, const char* what) const {
    if (offset > size_ || count > size_ - offset) {
        fail("ends too early: {} of {} bytes begins at byte {} of {} (truncated file?)", what, count, offset, size_);
    }
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(count));
    read_(offset, bytes.data(), bytes.size());
    return bytes;
}

} // namespace atelier::io
