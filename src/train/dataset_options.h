// SPDX-License-Identifier: Apache-2.0
// DatasetOptions: which pictures of a folder or zip make the data set, and in which variants. No torch.
#pragma once

#include <cstddef>
#include <cstdint>

namespace atelier::train {

struct DatasetOptions {
    bool use_labels = false; // of dataset.json
    int max_size = 0;        // pictures before mirroring, drawn with `seed`; 0: all
    std::uint32_t seed = 0;  // of the draw
    bool xflip = false;      // adds every picture mirrored left to right
    bool yflip = false;      // adds every picture so far mirrored top to bottom
    bool checksums = false;  // of shards are compared before anything else: all of them are read once
    // Of the shards only those whose number leaves check_one when divided by check_of: others compare the rest.
    std::size_t check_one = 0, check_of = 1;
    std::uint64_t keep = std::uint64_t{1} << 30U; // bytes of decoded pictures that stay in memory, at most
    bool operator==(const DatasetOptions&) const = default;
};

} // namespace atelier::train
