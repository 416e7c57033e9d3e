// SPDX-License-Identifier: Apache-2.0
// HEIC and AVIF through libheif.
#pragma once

#include <cstddef>
#include <string>

#include "prepare/picture.h"
#include "prepare/picture_header.h"

namespace atelier::prepare {

// Pictures that stand for themselves; thumbnails and parts of others are none. 0: it can't be understood.
std::size_t heif_pages(io::Bytes data);

// What the file says of a page, turned as it says; nothing is decoded. Throws Error beginning with `name`.
HeaderFacts heif_header(io::Bytes data, const std::string& name, int page);

// Turned, and in sRGB. Throws Error beginning with `name`: damaged, or of another size than its header says.
Picture decode_heif(io::Bytes data, const std::string& name, int page);

} // namespace atelier::prepare
