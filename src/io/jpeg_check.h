// SPDX-License-Identifier: Apache-2.0
// Looks through a JPEG's tables before a decoder does that trusts them; used by image.cpp alone.
#pragma once

#include <string>

#include "io/image.h"

namespace atelier::io {

// Throws Error beginning with `name` when a Huffman table lists more than the 256 codes that there can be
// (ITU-T T.81, B.2.4.2): stb_image up to 2.28 writes beyond its table then.
void check_jpeg(Bytes data, const std::string& name);

} // namespace atelier::io
