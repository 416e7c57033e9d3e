// SPDX-License-Identifier: Apache-2.0
// Storages of torch.save: their persistent ids, and the legacy (not zipped) stream that carries them.
#pragma once

#include <map>
#include <optional>
#include <string>

#include <c10/core/ScalarType.h>

#include "io/pickle_globals.h"
#include "io/pickle_value.h"

namespace atelier::io {

// A view of a storage's elements inside the file; `bytes` is a whole number of elements.
struct StorageView {
    c10::ScalarType dtype = c10::ScalarType::Float;
    Bytes bytes;
};

// ('storage', type, key, location, numel[, None]): checked, so that numel * item size fits in 63 bits.
struct StorageId {
    c10::ScalarType dtype = c10::ScalarType::Float;
    std::string_view key;
    std::uint64_t bytes = 0;
};
StorageId parse_storage_id(const PickleValue& persistent);

// One torch.save stream of the time before zip files: five pickles, then the storages in the order of the key list.
struct LegacyStream {
    const PickleValue* root = nullptr; // owned by the arena
    std::map<std::string, StorageView, std::less<>> storages;
};

bool starts_like_legacy_stream(Bytes data);

// All of `data` must be the stream. Throws Error (no path) on a wrong magic number, big endian, a storage missing from
// the key list, a size that differs from its id, or anything left over.
LegacyStream read_legacy_stream(PickleArena& arena, Bytes data, PickleScope scope);

} // namespace atelier::io
