// SPDX-License-Identifier: Apache-2.0
// JPEG files of every colour space and every damage.
#include <algorithm>
#include <memory>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <turbojpeg.h>

#include "base/error.h"
#include "io/image.h"
#include "io/jpeg.h"

namespace {

using namespace atelier;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Bytes = std::vector<std::uint8_t>;

constexpr int width = 24, height = 16;

Bytes compressed(const Bytes& pixels, int columns, int rows, int format, int subsampling, int quality, int flags) {
    const std::unique_ptr<void, int (*)(tjhandle)> encoder(tjInitCompress(), tjDestroy);
    unsigned char* out = nullptr;
    unsigned long size = 0;
    EXPECT_EQ(
        tjCompress2(encoder.get(), pixels.data(), columns, 0, rows, format, &out, &size, subsampling, quality, flags),
        0);
    Bytes file(out, out + size);
    tjFree(out);
    return file;
}

// A ramp of `format`'s samples in each pixel, at the best quality.
Bytes jpeg(int format, int subsampling, int flags = 0) {
    const auto samples = static_cast<std::size_t>(tjPixelSize[format]);
    Bytes pixels;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (std::size_t c = 0; c < samples; ++c)
                pixels.push_back(static_cast<std::uint8_t>(40 + 5 * x + 3 * y + 20 * static_cast<int>(c)));
        }
    }
    return compressed(pixels, width, height, format, subsampling, 100, flags);
}

int sample(const io::Image8& image, int x, int y, int c) {
    return image.pixels[static_cast<std::size_t>((y * image.width + x) * image.channels + c)];
}

TEST(Jpeg, GivesTheChannelsThatAreWanted) {
    const Bytes file = jpeg(TJPF_RGB, TJSAMP_444);
    for (const int channels : {0, 1, 3, 4}) {
        const io::Image8 image = io::decode_image(file, "a.jpg", channels);
        ASSERT_EQ(image.channels, channels == 0 ? 3 : channels);
        ASSERT_EQ(image.width, width);
        ASSERT_EQ(image.height, height);
        for (int c = 0; c < std::min(image.channels, 3); ++c) {
            const int wanted = 40 + 5 * 7 + 3 * 5 + (channels == 1 ? 17 : 20 * c); // 0.587 * 20 + 0.114 * 40
            EXPECT_NEAR(sample(image, 7, 5, c), wanted, 2) << channels << " " << c;
        }
        if (channels == 4) {
            EXPECT_EQ(sample(image, 7, 5, 3), 255);
        }
    }
    EXPECT_EQ(io::decode_image(jpeg(TJPF_GRAY, TJSAMP_GRAY), "a.jpg").channels, 1);
    EXPECT_EQ(io::decode_image(jpeg(TJPF_RGB, TJSAMP_420, TJFLAG_PROGRESSIVE), "a.jpg").channels, 3);
}

TEST(Jpeg, CmykBecomesRgb) {
    const io::Image8 image = io::decode_image(jpeg(TJPF_CMYK, TJSAMP_444), "a.jpg");
    ASSERT_EQ(image.channels, 3);
    const int first = 40 + 5 * 7 + 3 * 5, black = first + 60; // 255: no ink
    for (int c = 0; c < 3; ++c)
        EXPECT_NEAR(sample(image, 7, 5, c), (first + 20 * c) * black / 255, 3) << c;
}

TEST(Jpeg, DamageIsNamedOrPassedBy) {
    int refused = 0, tried = 0;
    for (const int flags : {0, TJFLAG_PROGRESSIVE}) {
        for (const int format : {TJPF_RGB, TJPF_CMYK}) {
            const Bytes file = jpeg(format, TJSAMP_420, flags);
            for (std::size_t at = 2; at < file.size(); ++at) {
                for (const int change : {0x01, 0x80, 0xff}) {
                    Bytes wrong = file;
                    wrong[at] ^= static_cast<std::uint8_t>(change);
                    ++tried;
                    try {
                        EXPECT_FALSE(io::decode_image(wrong, "a.jpg").pixels.empty());
                    } catch (const Error& error) {
                        EXPECT_THAT(error.what(), StartsWith("a.jpg: "));
                        ++refused;
                    }
                }
            }
        }
    }
    EXPECT_GT(refused, tried / 20);
    EXPECT_LT(refused, tried);
}

// A picture with something in it, so that a changed byte moves what follows.
Bytes noisy_jpeg(int side, int flags) {
    Bytes pixels;
    std::uint32_t state = 1;
    for (int i = 0; i < side * side * 3; ++i) {
        state = state * 1664525U + 1013904223U;
        pixels.push_back(static_cast<std::uint8_t>(i / 3 % side * 200 / side + state / (1U << 27U)));
    }
    return compressed(pixels, side, side, TJPF_RGB, TJSAMP_420, 90, flags);
}

TEST(Jpeg, StrictCareRefusesMostOfWhatComesOutGarbled) {
    const int side = 128;
    const io::ImageFacts facts{.width = side, .height = side};
    for (const int flags : {0, TJFLAG_PROGRESSIVE}) {
        const Bytes file = noisy_jpeg(side, flags);
        const io::Image8 right = io::decode_jpeg(file, facts, 3, "a.jpg", io::JpegCare::strict);
        EXPECT_EQ(right.pixels, io::decode_jpeg(file, facts, 3, "a.jpg").pixels);
        int garbled = 0, refused = 0, refused_usually = 0;
        for (std::size_t at = file.size() / 4; at < file.size() - 2; at += 7) {
            Bytes wrong = file;
            wrong[at] ^= 0x24;
            const auto decode = [&](io::JpegCare care) -> std::optional<io::Image8> {
                try {
                    return io::decode_jpeg(wrong, facts, 3, "a.jpg", care);
                } catch (const Error& error) {
                    EXPECT_THAT(error.what(), StartsWith("a.jpg: is a damaged picture"));
                    return {};
                }
            };
            const auto usual = decode(io::JpegCare::usual);
            refused_usually += usual ? 0 : 1;
            if (usual) {
                double off = 0;
                for (std::size_t i = 0; i < right.pixels.size(); ++i)
                    off += std::abs(right.pixels[i] - usual->pixels[i]);
                if (off / static_cast<double>(right.pixels.size()) < 1)
                    continue;
            }
            ++garbled;
            refused += decode(io::JpegCare::strict) ? 0 : 1;
        }
        ASSERT_GT(garbled, 100);
        EXPECT_LT(refused_usually, garbled / 5);
        // The rest is in step again after some blocks, and only darker or brighter from there.
        EXPECT_GT(refused, garbled * (flags == 0 ? 40 : 95) / 100) << garbled;
    }
}

TEST(Jpeg, BytesTooManyAreNoDamage) {
    Bytes file = noisy_jpeg(32, 0);
    const io::ImageFacts facts{.width = 32, .height = 32};
    const io::Image8 right = io::decode_jpeg(file, facts, 3, "a.jpg", io::JpegCare::strict);
    file.insert(file.end() - 2, 5, 0); // before the end marker
    EXPECT_EQ(io::decode_jpeg(file, facts, 3, "a.jpg", io::JpegCare::strict).pixels, right.pixels);
}

TEST(Jpeg, ATableOfTooManyCodesIsRefused) {
    Bytes file = jpeg(TJPF_RGB, TJSAMP_444);
    const Bytes marker{0xff, 0xc4};
    const auto table = std::search(file.begin(), file.end(), marker.begin(), marker.end());
    ASSERT_GT(file.end() - table, 21);
    std::fill(table + 5, table + 21, std::uint8_t{255});
    try {
        io::decode_image(file, "a.jpg");
        ADD_FAILURE() << "it was read";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("a.jpg: is a damaged picture (Bogus Huffman table"));
    }
}

} // namespace
