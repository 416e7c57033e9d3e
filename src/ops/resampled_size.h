// SPDX-License-Identifier: Apache-2.0
// How long an axis is after resampling. No torch.
#pragma once

#include <cstdint>

namespace atelier::ops {

// Of `inputs` samples with up-1 zeros behind each, padded (negative: cropped), under a filter of so many taps, of which
// every down'th place is kept; 0 if nothing is left.
constexpr std::int64_t resampled_size(std::int64_t inputs, int up, int down, int pad_before, int pad_after,
                                      std::int64_t taps) {
    const std::int64_t starts = inputs * up + pad_before + pad_after - taps + 1;
    return starts < 1 ? 0 : (starts + down - 1) / down;
}

} // namespace atelier::ops
