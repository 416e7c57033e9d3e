// SPDX-License-Identifier: Apache-2.0
// The entry "atelier" that our writers leave in files of other families: what those can't hold themselves.
#pragma once

#include <string_view>

#include "io/checkpoint.h"

namespace atelier::io {

inline constexpr int own_format = 1; // that is written and read

// Takes class, options and buffers over into the networks that were read and are described, and everything else into
// the metadata. Throws Error, without a path, for text that is no such description.
void apply_description(std::string_view text, CheckpointFile& into);

} // namespace atelier::io
