// SPDX-License-Identifier: Apache-2.0
// How much memory a training step takes, from the networks' shapes alone, and the rounds of a batch that fit into what
// is free.
#pragma once

#include <optional>

#include "model/config.h"

namespace atelier::train {

// Bytes beyond the three networks themselves.
struct MemoryEstimate {
    double fixed = 0;   // gradients, Adam's two moments of every weight, what a step needs besides
    double picture = 0; // of each picture of a round: activations kept for the gradients, augmentation
    double round(int pictures) const { return fixed + picture * pictures; }
};

// From channels times pixels of every resolution of both networks, in the width that they are computed in, and from the
// picture, which augmentation makes much larger on the way. The factors were fitted to the peak resident memory of
//     /usr/bin/time -v atelier train --data DATA --out RUN --batch N --kimg 0.001 --aug fixed --p 0.5 --threads 1
// (one step with all four phases, from scratch; with --fp32 and without, which is bfloat16 here) on an x86-64 CPU for
// pictures of 64 px in rounds of 8 and 32 and of 256 px in rounds of 4 and 8, less the 770 MB that the program and the
// networks take before; memory_estimate_test holds the numbers. So that it is rather too much than too little, the
// estimate is up to a quarter above them. GPUs have not been measured.
MemoryEstimate estimate_memory(const model::GeneratorConfig& g, const model::DiscriminatorConfig& d, bool fp32,
                               bool augmented);

// The pictures of the largest round that fits into `free` bytes: a divisor of the batch, at most `largest` (one
// itself), that the groups of the minibatch-deviation layer divide (none: they are whole rounds, so `largest` alone
// will do). None if not even the smallest fits.
std::optional<int> fitting_round(const MemoryEstimate& estimate, int batch, int largest, std::optional<int> group,
                                 double free);
// The smallest round that may be.
int smallest_round(int batch, int largest, std::optional<int> group);

} // namespace atelier::train
