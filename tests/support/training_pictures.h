// SPDX-License-Identifier: Apache-2.0
// A folder of small pictures that differ, to train on in tests.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "io/image.h"

namespace atelier::test {

// picture100.png, picture101.png, ...: RGB, side x side.
inline void write_pictures(const std::filesystem::path& folder, int count, int side = 16) {
    std::filesystem::create_directories(folder);
    for (int n = 0; n < count; ++n) {
        io::Image8 image{side, side, 3, {}};
        for (int i = 0; i < side * side; ++i) {
            for (const int value : {i + 9 * n, i / side * (n + 3), (i % side) * 16 + n}) {
                image.pixels.push_back(static_cast<std::uint8_t>(value));
            }
        }
        io::write_png(folder / ("picture" + std::to_string(100 + n) + ".png"), image);
    }
}

} // namespace atelier::test
