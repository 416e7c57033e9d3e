// SPDX-License-Identifier: Apache-2.0
// JPEG files as pixels, through libjpeg-turbo.
#pragma once

#include <string>

#include "io/image.h"

namespace atelier::io {

enum class JpegCare {
    usual, // as other programs: what is damaged inside comes out garbled
    strict // refuses all damage that shows while decoding
};

// channels: 1 (luma), 3 or 4 (alpha 255); CMYK becomes RGB, by the ICC profile
// where it is a usable one of CMYK. facts: the file's, whose size is that of the result. The
// same arithmetic as Pillow's (accurate DCT, smooth chroma). Throws Error beginning with `name` for a damaged file, and
// for one of more than 500 scans.
Image8 decode_jpeg(Bytes data, const ImageFacts& facts, int channels, const std::string& name,
                   JpegCare care = JpegCare::usual, Bytes cmyk_profile = {});

} // namespace atelier::io
