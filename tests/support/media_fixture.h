// SPDX-License-Identifier: Apache-2.0
// A temporary folder and synthetic pictures for the tests of video and PNG output.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/frame.h"
#include "media/frame_sink.h"
#include "support/scratch.h"

namespace atelier::test {

class MediaTest : public testing::Test {
protected:
    std::filesystem::path in_folder(const std::string& name) const { return scratch_ / name; }
    std::vector<std::string> files() const { return scratch_.files(); }

    Scratch scratch_;
};

inline PixelBuffer plain_picture(int width, int height, std::uint8_t r, std::uint8_t g, std::uint8_t b) {
    PixelBuffer picture{.width = width, .height = height, .rgba = {}};
    picture.rgba.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
    for (std::size_t i = 0; i < picture.rgba.size(); i += 4) {
        picture.rgba[i] = r;
        picture.rgba[i + 1] = g;
        picture.rgba[i + 2] = b;
        picture.rgba[i + 3] = 255;
    }
    return picture;
}

// Gray that names its number: frame n is 40 + 16 (n % 12).
inline PixelBuffer numbered_picture(int size, int n) {
    const auto gray = static_cast<std::uint8_t>(40 + 16 * (n % 12));
    return plain_picture(size, size, gray, gray, gray);
}

inline int number_of(const std::vector<std::uint8_t>& rgb) {
    return (rgb[rgb.size() / 2 / 3 * 3] - 40 + 8) / 16;
}

// Every byte at random but alpha, which is 255.
inline PixelBuffer noise_picture(int width, int height, unsigned seed) {
    PixelBuffer picture = plain_picture(width, height, 0, 0, 0);
    for (std::size_t i = 0; i < picture.rgba.size(); ++i) {
        seed = seed * 1664525u + 1013904223u;
        if (i % 4 != 3) {
            picture.rgba[i] = static_cast<std::uint8_t>(seed >> 24);
        }
    }
    return picture;
}

// Keeps what would be written.
class KeptFrames final : public media::FrameSink {
public:
    explicit KeptFrames(std::vector<PixelBuffer>& into) : into_(into) {}
    void add(const PixelBuffer& frame) override { into_.push_back(frame); }
    void finish() override {}
    void cancel() noexcept override {}
    std::int64_t frames() const override { return static_cast<std::int64_t>(into_.size()); }

private:
    std::vector<PixelBuffer>& into_;
};

inline std::string bytes_in(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<std::uint8_t> rgb_of(const PixelBuffer& picture) {
    std::vector<std::uint8_t> rgb;
    rgb.reserve(picture.rgba.size() / 4 * 3);
    for (std::size_t i = 0; i < picture.rgba.size(); ++i) {
        if (i % 4 != 3) {
            rgb.push_back(picture.rgba[i]);
        }
    }
    return rgb;
}

} // namespace atelier::test
