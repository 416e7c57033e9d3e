// SPDX-License-Identifier: Apache-2.0
// Safetensors of a file that is open: where no other may be opened.
#pragma once

#include "io/input_file.h"
#include "io/safetensors.h"

namespace atelier::io {

// As read_safetensors of a path.
Safetensors read_safetensors(const InputFile& file);

} // namespace atelier::io
