// SPDX-License-Identifier: Apache-2.0
// The storages that a pickle carries as byte strings, each a whole torch.save stream of the time before zip files.
#pragma once

#include <unordered_map>

#include "io/torch_storage.h"

namespace atelier::io {

class EmbeddedStorages {
public:
    // `values`: how many of the arena's values belong to the outer pickle.
    EmbeddedStorages(PickleArena& arena, std::size_t values) : arena_(arena), values_(values) {}

    // Throws Error when `storage` is no such stream or one that is damaged; parsed once.
    StorageView view(const PickleValue& storage);
    // Streams that no tensor of a network refers to must be as harmless as the others.
    void check_all();

private:
    struct Parsed {
        std::size_t size = 0;
        StorageView view;
    };

    PickleArena& arena_;
    std::size_t values_;
    std::unordered_map<const char*, Parsed> parsed_;
};

} // namespace atelier::io
