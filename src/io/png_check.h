// SPDX-License-Identifier: Apache-2.0
// Looks through a PNG's data before a decoder does that trusts it; used by image.cpp alone.
#pragma once

#include "io/image.h"

namespace atelier::io {

// `facts` are those of `data`. Throws Error beginning with `name` when a checksum is wrong, or when the compressed
// pixels are fewer or far more than the header says (a bomb).
void check_png(Bytes data, const ImageFacts& facts, const std::string& name);

} // namespace atelier::io
