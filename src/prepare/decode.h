// SPDX-License-Identifier: Apache-2.0
// Bytes of a picture file -> Picture, through OpenCV, after its header was looked at.
#pragma once

#include <string>

#include "io/byte_reader.h"
#include "prepare/picture.h"

namespace atelier::prepare {

// Upright by EXIF; 16-bit, gray, palette and CMYK pictures become 8-bit BGR or BGRA. Colour profiles are not applied.
// Throws Error beginning with `name` as read_header does, or if the picture is damaged or holds numbers of another
// kind.
Picture decode(io::Bytes data, const std::string& name);

} // namespace atelier::prepare
