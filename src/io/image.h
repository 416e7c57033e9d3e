// SPDX-License-Identifier: Apache-2.0
// 8-bit pictures in and out through stb_image and stb_image_write. No torch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace atelier::io {

// Interleaved rows, top row first, `channels` bytes a pixel (1 gray, 3 RGB, 4 RGBA).
struct Image8 {
    int width = 0;
    int height = 0;
    int channels = 0;
    std::vector<std::uint8_t> pixels;
};

// PNG or JPEG, at most 16384 px a side; channels 0 keeps the file's. Throws Error naming the file and the reason.
Image8 read_image(const std::filesystem::path& path, int channels = 0);

// The same from bytes; `name` begins every message.
Image8 decode_image(std::span<const std::uint8_t> data, const std::string& name, int channels = 0);

struct ImageFacts {
    int width = 0, height = 0, channels = 0;
    bool deep = false; // 16 bits a channel
};
// From the header alone. Throws Error beginning with `name` if it is no PNG or JPEG, or larger than 16384 px a side.
ImageFacts image_facts(std::span<const std::uint8_t> data, const std::string& name);

// Atomic, see AtomicFile. `compression` 1..9 (stb's default 8).
void write_png(const std::filesystem::path& path, const Image8& image, int compression = 8);

} // namespace atelier::io
