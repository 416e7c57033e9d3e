// SPDX-License-Identifier: Apache-2.0
// Which training options are refused before anything is resolved; used by config.cpp alone.
#pragma once

#include "train/config.h"

namespace atelier::train {

// Throws Error as resolve() says.
void check_options(const TrainOptions& options, const TrainFacts& facts);

} // namespace atelier::train
