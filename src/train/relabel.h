// SPDX-License-Identifier: Apache-2.0
// The networks of a model for a training set with other labels: with another number of classes, other vectors, or none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "train/networks.h"

namespace atelier::train {

// What doesn't depend on the labels is taken over, the embedding of the labels is made anew from random numbers of
// `seed`. Where there was none, its weights into the mapping network start at 0: the first pictures are those of
// before, whatever the label. `notes`: a sentence on what is new; nothing where the labels fit. label_dim: classes, or
// numbers of a label; 0: without.
Networks with_labels(Networks networks, int label_dim, std::uint64_t seed, std::vector<std::string>& notes);

} // namespace atelier::train
