// SPDX-License-Identifier: Apache-2.0
// HEIC and AVIF -> pixels, through libheif.
#pragma once

#include <string>

#include "io/byte_reader.h"
#include "prepare/picture.h"

namespace atelier::prepare {

// 8-bit BGR or BGRA, turned as the file says and in sRGB. Throws Error beginning with `name`: damaged, or of another
// size than its header says.
cv::Mat decode_heif(io::Bytes data, const std::string& name, int page);

} // namespace atelier::prepare
