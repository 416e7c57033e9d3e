// SPDX-License-Identifier: Apache-2.0
// Which training options are refused before anything is resolved; used by config.cpp and run.cpp.
#pragma once

#include <string>

#include "train/config.h"

namespace atelier::train {

// Throws Error as resolve() says.
void check_options(const TrainOptions& options, const TrainFacts& facts);

// Throws Error, with what would mend it, if the set's pictures aren't of the size and kind that the model makes.
void check_fit(const model::SynthesisConfig& model, const TrainFacts& facts);

// What makes pictures of the model's size: of `atelier dataset prepare`, "--size 64 --network-ratio 1:2".
std::string size_options(const model::SynthesisConfig& model);

} // namespace atelier::train
