// SPDX-License-Identifier: Apache-2.0
// Checkpoints of rosinality's stylegan2-pytorch, and what was converted with it, under the public code's names.
#pragma once

#include <string>
#include <vector>

#include "io/checkpoint.h"
#include "io/model_source.h"

namespace atelier::io {

bool is_rosinality(const ModelSource& source);
void read_rosinality(ModelSource& source, CheckpointFile& into);

// `data` under rosinality's names, without a prefix. Sizes are those of the tensors. What the file lacks and a picture
// needs - the mean w, the noise - is made the same way every time and said in `warnings`. Throws Error for what is
// missing, left over, or of one of the swagan variants.
NetworkData convert_rosinality_generator(NetworkData data, const ModelSource& source, const std::string& name,
                                         std::vector<std::string>& warnings);
NetworkData convert_rosinality_discriminator(NetworkData data);

} // namespace atelier::io
