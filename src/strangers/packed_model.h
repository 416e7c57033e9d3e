// SPDX-License-Identifier: Apache-2.0
// A model file's content as bytes in memory that two processes share, and back. The one that packs is not trusted.
#pragma once

#include <cstdint>
#include <span>

#include "io/checkpoint.h"

namespace atelier::strangers {

// Tensors one after the other, each at a multiple of 64 bytes, then what they are and all else as CBOR.
struct PackedAt {
    std::uint64_t description = 0, bytes = 0; // where that begins, and how long it is
};

// Throws Error where there is no room.
PackedAt pack(const io::CheckpointFile& file, std::span<std::uint8_t> into);

// With tensors of their own memory. Throws Error, without a path, where anything in it can't be: places outside, kinds
// that there aren't, names or sizes that no model has.
io::CheckpointFile unpack(std::span<const std::uint8_t> from, const PackedAt& at);

} // namespace atelier::strangers
