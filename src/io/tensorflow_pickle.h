// SPDX-License-Identifier: Apache-2.0
// Pickles of the TensorFlow code of StyleGAN2 and StyleGAN2-ADA, and of its forks: networks G, D and Gs (the average)
// as lists of named arrays. Their program text is never looked at.
#pragma once

#include "io/checkpoint.h"
#include "io/model_source.h"

namespace atelier::io {

bool is_tensorflow_pickle(const ModelSource& source);
void read_tensorflow_pickle(ModelSource& source, CheckpointFile& into);

} // namespace atelier::io
