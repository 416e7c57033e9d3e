// SPDX-License-Identifier: Apache-2.0
// Who reads a model file: this process, or another one, which costs no more than the file whatever is in it.
#pragma once

#include <functional>
#include <optional>

#include "io/checkpoint.h"
#include "io/input_file.h"

namespace atelier::io {

// As read_checkpoint of an open file, in this very process whatever the file is. Warnings begin without the path.
CheckpointFile read_checkpoint_here(const InputFile& input);

// From now on read_checkpoint asks this for files that do not begin as Atelier's own do; where it gives none, the file
// is read in this process. Empty: every file is. To be set while nothing is read.
using StrangersReader = std::function<std::optional<CheckpointFile>(const InputFile& input)>;
void read_strangers_by(StrangersReader reader);

} // namespace atelier::io
