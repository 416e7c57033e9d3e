// SPDX-License-Identifier: Apache-2.0
// Pictures that the ranks of a run make together, each its share: those of a sheet, and those whose variety is
// measured.
#pragma once

#include <ATen/core/Tensor.h>

#include "model/synthesis.h"
#include "train/agreement.h"

namespace atelier::train {

// seed_pictures() of grid.h by all ranks, which have the same weights: uint8 [count,C,H,W] on the first, undefined on
// the others. As long as there is a round of eight pictures for each rank the bytes are those of one process; beyond
// that rounds are smaller, which may round a value another way. Throws AgreedError if one of the ranks fails.
at::Tensor seed_pictures(const model::Generator& generator, int count, const at::Tensor& labels, Ranks& ranks);

// diversity_of() of guard.h by all ranks, to rounding; 0 on all but the first.
double diversity_of(const model::Generator& generator, Ranks& ranks);

} // namespace atelier::train
