// SPDX-License-Identifier: Apache-2.0
// Ranks that train on GPUs of CUDA.
#pragma once

#include <memory>
#include <string>

#include <c10/core/Device.h>

#include "train/ranks.h"

namespace atelier::train {

// Ranks that add up what lies on a GPU there, by NCCL, and leave the rest to `others`, which they use and don't own.
// Null where one of the ranks can't: `why` gets a sentence on each of them, and sums go through the memory of the
// hosts. Called by all ranks.
std::unique_ptr<Ranks> nccl_ranks(Ranks& others, c10::Device device, std::string& why);

} // namespace atelier::train
