// SPDX-License-Identifier: Apache-2.0
// PNG files of every kind as pixels, compared with another decoder (stb_image), and damage that isn't in the chunks.
#include <algorithm>
#include <cstdlib>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

#include <fmt/format.h>

#include "base/error.h"
#include "io/image.h"
#include "support/picture_files.h"
#include "support/scratch.h"

namespace atelier::io {
namespace {

using test::message_from;
using test::png_chunk;
using testing::HasSubstr;
using File = std::vector<std::uint8_t>;

struct Kind {
    int colour, depth;
    std::size_t samples;
    bool interlaced;
    std::string before_pixels;
};

std::string numbers(std::initializer_list<int> bytes) {
    std::string out;
    for (const int byte : bytes) {
        out.push_back(static_cast<char>(byte));
    }
    return out;
}

// 13 x 11 px of noise, with all filters.
File file_of(const Kind& kind, std::mt19937& random, std::string* rows = nullptr) {
    constexpr std::size_t width = 13, height = 11;
    std::string own;
    const auto add = [&](std::size_t w, std::size_t h) {
        const std::size_t bytes = (w * kind.samples * static_cast<std::size_t>(kind.depth) + 7) / 8;
        for (std::size_t y = 0; w > 0 && y < h; ++y) {
            own.push_back(static_cast<char>(random() % 5));
            for (std::size_t i = 0; i < bytes; ++i) {
                own.push_back(static_cast<char>(random()));
            }
        }
    };
    if (kind.interlaced) {
        constexpr std::size_t passes[7][4] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                              {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
        for (const auto& [x, y, dx, dy] : passes) {
            add((width - x + dx - 1) / dx, (height - y + dy - 1) / dy);
        }
    } else {
        add(width, height);
    }
    const std::string header =
        numbers({0, 0, 0, width, 0, 0, 0, height, kind.depth, kind.colour, 0, 0, kind.interlaced});
    const std::string text = "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", header) + kind.before_pixels +
                             png_chunk("IDAT", test::packed(rows != nullptr ? * rows = own + *rows : own)) +
                             png_chunk("IEND", "");
    return test::bytes_of(text);
}

std::vector<Kind> all_kinds() {
    std::string palette, alphas;
    for (int i = 0; i < 256; ++i) {
        palette += numbers({i, 255 - i, i * 7 % 256});
        alphas += numbers({i * 3 % 256});
    }
    std::vector<Kind> kinds;
    for (const bool interlaced : {false, true}) {
        for (const int depth : {1, 2, 4, 8, 16}) {
            kinds.push_back({0, depth, 1, interlaced, ""});
            kinds.push_back({0, depth, 1, interlaced, png_chunk("tRNS", numbers({0, 1}))});
            if (depth <= 8) {
                const std::size_t entries = std::size_t{1} << static_cast<unsigned>(depth);
                const std::string plte = png_chunk("PLTE", palette.substr(0, 3 * entries));
                kinds.push_back({3, depth, 1, interlaced, plte});
                kinds.push_back({3, depth, 1, interlaced, plte + png_chunk("tRNS", alphas.substr(0, entries / 2))});
            }
            if (depth >= 8) {
                kinds.push_back({2, depth, 3, interlaced, ""});
                kinds.push_back({2, depth, 3, interlaced, png_chunk("tRNS", numbers({0, 1, 0, 2, 0, 3}))});
                kinds.push_back({4, depth, 2, interlaced, ""});
                kinds.push_back({6, depth, 4, interlaced, ""});
            }
        }
    }
    return kinds;
}

MATCHER(NearlySame, "") {
    return std::abs(int{std::get<0>(arg)} - int{std::get<1>(arg)}) <= 1;
}

TEST(PngDecode, EveryKindIsAsAnotherDecoderSeesIt) {
    std::mt19937 random(7);
    for (const Kind& kind : all_kinds()) {
        const File file = file_of(kind, random);
        for (const int channels : {0, 1, 3, 4}) {
            SCOPED_TRACE(fmt::format("colour {}, depth {}, interlaced {}, {} bytes before the pixels, channels {}",
                                     kind.colour, kind.depth, kind.interlaced, kind.before_pixels.size(), channels));
            int width = 0, height = 0, stored = 0;
            stbi_uc* other =
                stbi_load_from_memory(file.data(), static_cast<int>(file.size()), &width, &height, &stored, channels);
            ASSERT_NE(other, nullptr) << stbi_failure_reason();
            const int made = channels == 0 ? stored : channels;
            const File expected(other, other + width * height * made);
            stbi_image_free(other);
            const Image8 image = decode_image(file, "a.png", channels);
            EXPECT_EQ(image.width, 13);
            EXPECT_EQ(image.height, 11);
            EXPECT_EQ(image.channels, made);
            if (kind.depth == 16 && stored >= 3 &&
                channels == 1) { // the other one takes the luma of 16 bits, then 8 of it
                EXPECT_THAT(image.pixels, testing::Pointwise(NearlySame(), expected));
            } else {
                EXPECT_EQ(image.pixels, expected);
            }
        }
        EXPECT_EQ(image_facts(ByteSource::of(file), "a.png").channels, decode_image(file, "a.png").channels);
    }
}

class PngDamage : public testing::Test {
protected:
    std::string says(const File& file) {
        return message_from<Error>([&] { decode_image(file, "a.png"); });
    }
    std::string says_of_rows(const std::string& more) {
        std::string rows = more;
        return says(file_of({2, 8, 3, false, ""}, random_, &rows));
    }
    std::mt19937 random_{7};
};

TEST_F(PngDamage, WhatStandsBehindThePixelsIsBounded) {
    EXPECT_EQ(says_of_rows(std::string(1000, '\0')), "") << "some encoders pad";
    EXPECT_THAT(says_of_rows(std::string(64U << 20U, '\0')), HasSubstr("a.png: is a damaged picture (its pixels"));
}

TEST_F(PngDamage, AnyWrongChecksumIsSaid) {
    const std::string other = png_chunk("prIv", "x");
    const File file = file_of({0, 8, 1, false, other}, random_);
    ASSERT_EQ(says(file), "");
    File wrong = file;
    wrong[8 + 25 + 8] ^= 1; // the x
    EXPECT_EQ(says(wrong), "a.png: is a damaged picture (a checksum is wrong)");
    wrong = file;
    wrong[8 + 25 + other.size() + 12] ^= 1; // a pixel
    EXPECT_THAT(says(wrong), HasSubstr("a.png: is a damaged picture ("));
}

// The pixels' own checksum stands at the end of what is packed.
TEST_F(PngDamage, PixelsThatUnpackToOthersThanWerePacked) {
    std::string rows;
    const Kind kind{0, 8, 1, false, ""};
    file_of(kind, random_, &rows);
    std::string packed = test::packed(rows);
    // The checksum in a chunk of its own: when it comes, all rows are there.
    const auto file = [&](const std::string& pixels) {
        const std::size_t most = std::min(packed.size() - 4, pixels.size());
        return test::bytes_of(
            "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", numbers({0, 0, 0, 13, 0, 0, 0, 11, 8, 0, 0, 0, 0})) +
            png_chunk("IDAT", pixels.substr(0, most)) + png_chunk("IDAT", pixels.substr(most)) + png_chunk("IEND", ""));
    };
    EXPECT_EQ(says(file(packed)), "");
    EXPECT_THAT(says(file(packed.substr(0, packed.size() - 4))), HasSubstr("is a damaged picture"));
    packed.back() ^= 1;
    EXPECT_THAT(says(file(packed)), HasSubstr("is a damaged picture"));
}

TEST_F(PngDamage, ALongTextIsNoReasonToRefuseAPicture) {
    const std::string text = png_chunk("tEXt", "workflow" + std::string(1, '\0') + std::string(20U << 20U, 'x'));
    EXPECT_EQ(says(file_of({2, 8, 3, false, text}, random_)), "");
    EXPECT_EQ(says(file_of({2, 8, 3, false, png_chunk("iTXt", "damaged") + png_chunk("iCCP", "no profile")}, random_)),
              "");
}

// A header says 1 GB; memory for it isn't even asked for, so this takes no time.
TEST_F(PngDamage, AHeaderAloneCostsNoMemory) {
    const std::string header = numbers({0, 0, 0x40, 0, 0, 0, 0x40, 0, 8, 6, 0, 0, 0});
    const std::string text = "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", header) +
                             png_chunk("IDAT", test::packed(std::string(100, '\0'))) + png_chunk("IEND", "");
    EXPECT_THAT(says(test::bytes_of(text)), HasSubstr("too few"));
}

} // namespace
} // namespace atelier::io
