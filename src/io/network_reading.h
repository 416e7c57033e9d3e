// SPDX-License-Identifier: Apache-2.0
// The networks that were found in a file by their tensors' names, as data under the public code's names.
#pragma once

#include "io/checkpoint.h"
#include "io/model_source.h"

namespace atelier::io {

// Fills into.networks with what source.found names, whichever family each is of, and says once what was left out.
// Throws Error when there is none, when it is StyleGAN3's, or when a tensor of one is damaged.
void read_found_networks(ModelSource& source, CheckpointFile& into);

} // namespace atelier::io
