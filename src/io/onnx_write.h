// SPDX-License-Identifier: Apache-2.0
// A generator as an ONNX graph, for other programs to play.
#pragma once

#include <filesystem>

#include "io/checkpoint_write.h"

namespace atelier::io {

// G_ema, or G where that is missing, as mapping and synthesis in one graph of float32 values, operator set 17. Inputs:
// "z" [batch,z_dim], "psi" [1], of a conditional model "class" [batch,c_dim] (1 at the class; others mix). Output:
// "image" [batch,channels,height,width], -1..1 and a little beyond. Noise is the stored one. Licence, origin and the
// like are in the metadata. Atomic; throws Error beginning with the path.
void write_onnx(const std::filesystem::path& path, const CheckpointFile& file, const WriteOptions& options);

} // namespace atelier::io
