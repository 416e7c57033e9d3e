// SPDX-License-Identifier: Apache-2.0
// Bytes of a picture file -> Picture, through OpenCV and the kinds' own libraries, after its header was looked at.
#pragma once

#include <string>

#include "io/byte_reader.h"
#include "io/picture_extras.h"
#include "prepare/picture.h"

namespace atelier::prepare {

// page: of TIFF and HEIF files, or the frame of an animation, from 0. Upright by EXIF and in sRGB by its colour
// profile; 16-bit, gray, palette and CMYK pictures become 8-bit BGR or BGRA. Throws Error beginning with `name` as
// read_header does, or if the picture is damaged, has no such page or holds numbers of another kind.
Picture decode(io::Bytes data, const std::string& name, int page = 0);

// The last part of that, for frames that were put together by frames.h.
Picture finished(cv::Mat pixels, const io::PictureExtras& extras, const std::string& name);

} // namespace atelier::prepare
