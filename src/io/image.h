// SPDX-License-Identifier: Apache-2.0
// 8-bit pictures in and out: PNG through libpng and stb_image_write, JPEG through libjpeg-turbo. No torch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/frame.h"
#include "io/byte_source.h"

namespace atelier::io {

// Interleaved rows, top row first, `channels` bytes a pixel (1 gray, 2 gray and alpha, 3 RGB, 4 RGBA).
struct Image8 {
    int width = 0;
    int height = 0;
    int channels = 0;
    std::vector<std::uint8_t> pixels;
};

// The picture as it lies there, its ratio does not count: RGBA where it has alpha, else RGB.
Image8 image_of(const PixelBuffer& picture);

// PNG or JPEG, at most 16384 px a side; channels 1 to 4; 0 keeps the file's. Throws Error naming the file and the
// reason.
Image8 read_image(const std::filesystem::path& path, int channels = 0);

// The same from bytes; `name` begins every message. Checksums and the amount of pixels are compared.
// cmyk_profile: an ICC profile that a CMYK picture becomes RGB by; without a usable one by subtraction.
Image8 decode_image(Bytes data, const std::string& name, int channels = 0, Bytes cmyk_profile = {});

struct ImageFacts {
    int width = 0, height = 0;
    int channels = 0;    // as decode_image would give: a palette counts as RGB, a transparent colour as alpha
    int samples = 0;     // stored for a pixel: 1 for a palette
    int depth = 8;       // bits of a sample
    int orientation = 1; // EXIF's, 1..8; from 5 on a person sees the sides swapped
    bool png = false;
    int shown_width() const { return orientation >= 5 ? height : width; }
    int shown_height() const { return orientation >= 5 ? width : height; }
    std::uint64_t pixels_end = 0; // of a PNG: where in the file the chunks of its pixels end
};
// Reads the header and how the file ends, not the pixels. Throws Error beginning with `name` if it is no PNG or JPEG,
// is cut off, or larger than 16384 px a side.
ImageFacts image_facts(const ByteSource& file, const std::string& name);

// Atomic, see AtomicFile. `compression` 1..9 (stb's default 8). `chunks`: whole ones, put before the pixels.
void write_png(const std::filesystem::path& path, const Image8& image, int compression = 8, Bytes chunks = {});

} // namespace atelier::io
