// SPDX-License-Identifier: Apache-2.0
// What stands beside a picture's pixels and changes what is seen: which way up it is, and its colour profile. And
// decode_shown, which heeds both. No torch.
#pragma once

#include <string>
#include <vector>

#include "io/image.h"

namespace atelier::io {

struct PictureExtras {
    int orientation = 1;               // EXIF's, 1..8; that of a TIFF's first page
    std::vector<std::uint8_t> profile; // ICC, as stored in the file, unpacked; empty: none
};

// Of PNG (eXIf, iCCP), JPEG (APP1, APP2), WebP and TIFF. What is damaged, or longer than most_profile, counts as not
// there. Throws std::bad_alloc alone.
PictureExtras read_extras(Bytes data);

// Upright: 2-4 mirror and turn, 5-8 swap the sides first.
Image8 upright(Image8 image, int orientation);

// As a person sees it: decode_image, then upright by EXIF, and in sRGB where it has a colour profile (gray ones for
// gray pictures). Throws Error as decode_image.
Image8 decode_shown(Bytes data, const std::string& name, int channels = 0);

} // namespace atelier::io
