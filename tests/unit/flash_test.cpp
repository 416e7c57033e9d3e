// SPDX-License-Identifier: Apache-2.0
// What flashes too often is found, and evened out; what doesn't is left alone.
#include <cmath>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/flash_meter.h"
#include "media/flash_sink.h"
#include "support/media_fixture.h"

namespace atelier {
namespace {

using testing::HasSubstr;

constexpr int width = 96, height = 64;

PixelBuffer gray(int code) {
    PixelBuffer picture{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height * 4, 255)};
    for (std::size_t i = 0; i < picture.rgba.size(); ++i) {
        picture.rgba[i] = i % 4 == 3 ? 255 : static_cast<std::uint8_t>(code);
    }
    return picture;
}

// Rows below `rows` as in `bright`, the others dark.
PixelBuffer partly(const PixelBuffer& bright, int rows) {
    PixelBuffer picture = gray(0);
    const auto bytes = static_cast<std::ptrdiff_t>(rows) * width * 4;
    std::copy_n(bright.rgba.begin(), bytes, picture.rgba.begin());
    return picture;
}

// Seconds until it is too much; negative: it never is.
double first_flash(const std::function<PixelBuffer(double)>& at, double seconds = 4, double fps = 60,
                   double limit = 3) {
    FlashMeter meter(limit);
    for (int i = 0; i < seconds * fps; ++i) {
        if (meter.add(at(i / fps), i / fps)) {
            return i / fps;
        }
    }
    return -1;
}

bool is_on(double hz, double t) {
    return std::fmod(t * hz + 1e-9, 1) < 0.5;
}

TEST(FlashMeter, FindsMoreThanThreeASecond) {
    for (const double hz : {5.0, 7.5, 15.0}) {
        const double first = first_flash([&](double t) { return gray(is_on(hz, t) ? 255 : 0); });
        EXPECT_GT(first, 0) << hz;
        EXPECT_LT(first, 1.1) << hz;
    }
    EXPECT_LT(first_flash([](double t) { return gray(is_on(3, t) ? 255 : 0); }, 10), 0) << "three are allowed";
    EXPECT_LT(first_flash([](double t) { return gray(is_on(1, t) ? 255 : 0); }, 10), 0);
}

TEST(FlashMeter, TheLimitCanBeSet) {
    const auto five = [](double t) { return gray(is_on(5, t) ? 255 : 0); };
    EXPECT_LT(first_flash(five, 10, 60, 6), 0);
    EXPECT_GT(first_flash([](double t) { return gray(is_on(2, t) ? 255 : 0); }, 4, 60, 1), 0);
}

TEST(FlashMeter, FadesCountAsCutsDo) {
    EXPECT_GT(first_flash([](double t) { return gray(static_cast<int>(127 + 127 * std::sin(t * 5 * 6.2832))); }), 0);
}

TEST(FlashMeter, LittleContrastIsCalm) {
    // 0.02 of white's luminance, and above 0.8 of it.
    EXPECT_LT(first_flash([](double t) { return gray(is_on(10, t) ? 40 : 0); }), 0);
    EXPECT_LT(first_flash([](double t) { return gray(is_on(10, t) ? 255 : 233); }), 0);
    EXPECT_GT(first_flash([](double t) { return gray(is_on(10, t) ? 100 : 0); }), 0) << "0.13";
}

TEST(FlashMeter, ASmallPartIsCalm) {
    const PixelBuffer white = gray(255);
    const auto part = [&](int rows) {
        return first_flash([&, rows](double t) { return partly(white, is_on(10, t) ? rows : 0); });
    };
    EXPECT_LT(part(height / 5), 0);
    EXPECT_GT(part(height * 3 / 10), 0);
}

TEST(FlashMeter, WhatMovesSlowlyIsCalm) {
    EXPECT_LT(first_flash(
                  [](double t) { // a bright bar wanders down, once in two seconds
                      PixelBuffer picture = gray(20);
                      const int top = static_cast<int>(t / 2 * height) % height;
                      for (int y = top; y < std::min(height, top + 10); ++y) {
                          for (int i = 0; i < width * 4; ++i) {
                              picture.rgba[static_cast<std::size_t>(y * width * 4 + i)] = 255;
                          }
                      }
                      return picture;
                  },
                  10),
              0);
    EXPECT_LT(first_flash([](double) { return gray(128); }), 0);
}

TEST(FlashMeter, WhatIsTransparentLiesOnBlack) {
    EXPECT_GT(first_flash([](double t) {
                  PixelBuffer picture = gray(255);
                  picture.alpha = true;
                  for (std::size_t i = 3; i < picture.rgba.size(); i += 4) {
                      picture.rgba[i] = is_on(10, t) ? 255 : 0;
                  }
                  return picture;
              }),
              0);
}

std::string through(FlashGuard guard, double hz, std::vector<PixelBuffer>& out) {
    media::FlashSink sink(std::make_unique<test::KeptFrames>(out), {.guard = guard, .per_second = 3}, 30, "film.mp4");
    for (int i = 0; i < 90; ++i) {
        sink.add(gray(i >= 30 && is_on(hz, i / 30.0) ? 255 : 0)); // calm for a second
    }
    sink.finish();
    return sink.remark();
}

TEST(FlashSink, WarnsWithTheTimeAndChangesNothing) {
    std::vector<PixelBuffer> out;
    const std::string text = through(FlashGuard::warn, 10, out);
    EXPECT_THAT(text, HasSubstr("film.mp4: flashes more than 3 times a second"));
    EXPECT_THAT(text, HasSubstr("first at 1.4 s"));
    ASSERT_EQ(out.size(), 90U);
    for (int i = 0; i < 90; ++i) {
        EXPECT_EQ(out[static_cast<std::size_t>(i)].rgba, gray(i >= 30 && is_on(10, i / 30.0) ? 255 : 0).rgba) << i;
    }
    out.clear();
    EXPECT_EQ(through(FlashGuard::warn, 2, out), "");
}

TEST(FlashSink, WhatIsSoftenedFlashesNoMore) {
    std::vector<PixelBuffer> out;
    EXPECT_THAT(through(FlashGuard::soften, 10, out), HasSubstr("was softened"));
    ASSERT_EQ(out.size(), 90U);
    FlashMeter meter(3);
    for (int i = 0; i < 90; ++i) {
        EXPECT_FALSE(meter.add(out[static_cast<std::size_t>(i)], i / 30.0)) << i;
    }
    out.clear();
    EXPECT_EQ(through(FlashGuard::soften, 2, out), "");
    for (int i = 0; i < 90; ++i) {
        EXPECT_EQ(out[static_cast<std::size_t>(i)].rgba, gray(i >= 30 && is_on(2, i / 30.0) ? 255 : 0).rgba) << i;
    }
}

} // namespace
} // namespace atelier
