// SPDX-License-Identifier: Apache-2.0
// DatasetOptions: which pictures of a folder or zip make the data set, and in which variants. No torch.
#pragma once

#include <cstdint>

namespace atelier::train {

struct DatasetOptions {
    bool use_labels = false; // of dataset.json
    int max_size = 0;        // pictures before mirroring, drawn with `seed`; 0: all
    std::uint32_t seed = 0;  // of the draw
    bool xflip = false;      // adds every picture mirrored left to right
    bool yflip = false;      // adds every picture so far mirrored top to bottom
    bool operator==(const DatasetOptions&) const = default;
};

} // namespace atelier::train
