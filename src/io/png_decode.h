// SPDX-License-Identifier: Apache-2.0
// PNG files as pixels, through libpng; used by image.cpp alone.
#pragma once

#include <string>

#include "io/image.h"

namespace atelier::io {

// Of 16 bits the upper 8 count, palettes become RGB, a transparent colour alpha; gamma and profiles don't count.
// channels: 1 (luma), 3 or 4; 0 keeps the file's. facts: the file's. Throws Error beginning with `name` when a checksum
// is wrong, or when the compressed pixels are fewer or far more than the header says (a bomb); before that, no more
// memory is taken than the file's size could unpack to.
Image8 decode_png(Bytes data, const ImageFacts& facts, int channels, const std::string& name);

} // namespace atelier::io
