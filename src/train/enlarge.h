// SPDX-License-Identifier: Apache-2.0
// The networks of a model for a training set of larger pictures: blocks for the further sizes on top of what it knows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "train/networks.h"

namespace atelier::train {

// The block that a network has to end with to make pictures of width x height px, where these are the model's own with
// both sides doubled once or more; 0 otherwise.
int larger_resolution(const model::SynthesisConfig& model, int width, int height);

// Everything is taken over but D's first layer, whose size is no longer the first. At the beginning G makes its
// pictures of before, enlarged by its own filter: the new ToRGB layers are zero, so that they only add to them once
// they have learnt. D says of a picture what it said of it made smaller: its new blocks begin as a way around
// themselves (as 1511.05641 widens and deepens networks), if they are residual with leaky ReLU and have two channels or
// more for each of the picture's; otherwise they begin at random. All other new weights are random numbers of `seed`.
// Widths go on as the model's own do.
// `notes`: a sentence on what is new. Throws Error for a generator without skip connections, a D of another size
// or of a single block, and where layers of D are to be fixed, which would be the new ones.
Networks enlarged(const Networks& networks, int resolution, std::uint64_t seed, std::vector<std::string>& notes);

} // namespace atelier::train
