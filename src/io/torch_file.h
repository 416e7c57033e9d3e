// SPDX-License-Identifier: Apache-2.0
// Files of torch.save, zipped or legacy, that hold plain state dicts.
#pragma once

#include "io/byte_reader.h"
#include "io/checkpoint.h"

namespace atelier::io {

// Both fill networks, kind and description; they throw Error without a path.
void read_torch_zip(Bytes data, CheckpointFile& into);
void read_torch_legacy(Bytes data, CheckpointFile& into);

} // namespace atelier::io
