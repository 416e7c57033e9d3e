// SPDX-License-Identifier: Apache-2.0
// What an Xvfb with -fbdir shows, read from the file that it keeps its picture in. For tests only.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include "io/image.h"

namespace atelier::test {

// The part of the screen from its upper left corner, as PNG. False: there is no such file, or it is no picture of 32
// bits a pixel.
inline bool save_screen(const std::filesystem::path& framebuffer, int width, int height,
                        const std::filesystem::path& out) {
    std::ifstream in(framebuffer, std::ios::binary);
    const auto number = [&in]() -> std::uint32_t { // the X window dump's are big-endian
        unsigned char bytes[4]{};
        in.read(reinterpret_cast<char*>(bytes), 4);
        return static_cast<std::uint32_t>(bytes[0]) << 24U | static_cast<std::uint32_t>(bytes[1]) << 16U |
               static_cast<std::uint32_t>(bytes[2]) << 8U | bytes[3];
    };
    constexpr int numbers = 25;
    std::uint32_t header[numbers]{};
    for (std::uint32_t& each : header)
        each = number();
    // header size, version, format, depth, width, height, offset, byte order, ..., bits a pixel at 11, bytes a line at
    // 12, colours at 19
    if (!in || header[1] != 7 || header[11] != 32)
        return false;
    const std::uint64_t first = header[0] + std::uint64_t{header[19]} * 12, line = header[12];
    width = std::min(width, static_cast<int>(header[4]));
    height = std::min(height, static_cast<int>(header[5]));
    std::vector<std::uint8_t> rgba(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4, 255);
    std::vector<char> row(line);
    for (int y = 0; y < height; ++y) {
        in.seekg(static_cast<std::streamoff>(first + line * static_cast<std::uint64_t>(y)));
        in.read(row.data(), static_cast<std::streamsize>(line));
        for (int x = 0; x < width; ++x) {
            const auto* from = reinterpret_cast<const std::uint8_t*>(row.data()) + 4 * x; // blue, green, red
            auto* to = &rgba[4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                                  static_cast<std::size_t>(x))];
            to[0] = from[2], to[1] = from[1], to[2] = from[0];
        }
    }
    if (!in)
        return false;
    io::write_png(out, {width, height, 4, rgba});
    return true;
}

} // namespace atelier::test
