// SPDX-License-Identifier: Apache-2.0
// PNG sequences, scaling and the arithmetic of constant frame rates.
#include <cmath>
#include <csignal>
#include <fstream>

#include <gmock/gmock.h>

#include "base/error.h"
#include "io/image.h"
#include "media/frame_rate_converter.h"
#include "media/png_sequence.h"
#include "media/scale.h"
#include "support/media_fixture.h"

namespace atelier::media {
namespace {

using test::number_of;
using test::numbered_picture;
using test::plain_picture;

class Png : public test::MediaTest {};

TEST_F(Png, NumbersItsFrames) {
    const auto folder = in_folder("a/b");
    PngSequence sequence(folder);
    for (int n = 0; n < 3; ++n) {
        sequence.add(numbered_picture(8, n));
    }
    sequence.finish();
    for (int n = 0; n < 3; ++n) {
        const io::Image8 image = io::read_image(folder / ("frame-00000" + std::to_string(n) + ".png"));
        EXPECT_EQ(image.channels, 3);
        EXPECT_EQ(image.width, 8);
        EXPECT_EQ(number_of(image.pixels), n);
    }
}

TEST_F(Png, RefusesAFolderWithFrames) {
    {
        PngSequence first(scratch_.path());
        first.add(numbered_picture(8, 0));
        first.finish();
    }
    try {
        PngSequence second(scratch_.path());
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("frame-000000.png"));
    }
    EXPECT_EQ(files().size(), 1u); // the refused one took nothing away
    std::ofstream(in_folder("file")) << "x";
    EXPECT_THROW(PngSequence(in_folder("file")), Error);
    EXPECT_THROW(PngSequence("/proc/frames"), Error);
}

TEST_F(Png, CancelledLeavesNothingOfItsOwn) {
    {
        PngSequence sequence(in_folder("new"));
        sequence.add(numbered_picture(8, 0));
    }
    EXPECT_TRUE(files().empty());
    std::ofstream(in_folder("notes.txt")) << "mine";
    {
        PngSequence sequence(scratch_.path());
        sequence.add(numbered_picture(8, 0));
        sequence.cancel();
    }
    EXPECT_EQ(files(), std::vector<std::string>{"notes.txt"});
}

TEST(Scale, KeepsColoursAndEdges) {
    Scaler scaler;
    PixelBuffer out;
    for (const int size : {16, 64, 200}) {
        scaler.scale(plain_picture(64, 64, 200, 30, 90), size, size, out);
        ASSERT_EQ(out.rgba.size(), static_cast<std::size_t>(size * size * 4));
        for (std::size_t i = 0; i < out.rgba.size(); i += 4) {
            ASSERT_NEAR(out.rgba[i], 200, 1);
            ASSERT_NEAR(out.rgba[i + 1], 30, 1);
            ASSERT_NEAR(out.rgba[i + 2], 90, 1);
            ASSERT_EQ(out.rgba[i + 3], 255);
        }
    }
}

TEST(Scale, KeepsFineColourDetailAndPosition) {
    // One red column on gray: colour kept at full resolution stays as narrow as brightness.
    PixelBuffer picture = plain_picture(32, 32, 100, 100, 100);
    for (std::size_t y = 0; y < 32; ++y) {
        picture.rgba[(y * 32 + 11) * 4] = 250;
    }
    PixelBuffer out;
    Scaler().scale(picture, 128, 128, out);
    const auto red = [&](std::size_t x) { return out.rgba[(64 * 128 + x) * 4] - out.rgba[(64 * 128 + x) * 4 + 1]; };
    EXPECT_GT(red(45), 100); // pixel 11 covers 44..47
    EXPECT_GT(red(46), 100);
    EXPECT_NEAR(red(45), red(46), 6);
    EXPECT_LT(red(38), 12);
    EXPECT_LT(red(53), 12);
}

TEST(Scale, KeepsFineColourWhenShrinking) {
    PixelBuffer picture = plain_picture(64, 64, 100, 100, 100);
    for (std::size_t y = 0; y < 64; ++y) {
        for (const std::size_t x : {22, 23}) { // pixel 11 afterwards
            picture.rgba[(y * 64 + x) * 4] = 250;
        }
    }
    PixelBuffer out;
    Scaler().scale(picture, 32, 32, out);
    const auto red = [&](std::size_t x) { return out.rgba[(16 * 32 + x) * 4] - out.rgba[(16 * 32 + x) * 4 + 1]; };
    EXPECT_GT(red(11), 120);
    EXPECT_LT(red(10), 30);
    EXPECT_LT(red(12), 30);
    EXPECT_NEAR(out.rgba[(16 * 32 + 11) * 4 + 1], 100, 2); // no colour leaks into the others
}

TEST(Scale, RefusesImpossibleSizes) {
    Scaler scaler;
    PixelBuffer out;
    EXPECT_THROW(scaler.scale(plain_picture(8, 8, 0, 0, 0), 0, 8, out), Error);
    EXPECT_THROW(scaler.scale(plain_picture(8, 8, 0, 0, 0), 8, 20000, out), Error);
    EXPECT_THROW(scaler.scale(PixelBuffer{}, 8, 8, out), Error);
}

// Feeds times, returns how often each picture is written, the last one held until `end`.
std::vector<std::int64_t> paced(double fps, const std::vector<double>& times, double end) {
    FrameRateConverter pace(fps);
    std::vector<std::int64_t> counts;
    for (std::size_t i = 0; i < times.size(); ++i) {
        const std::int64_t before = pace.advance(times[i]);
        if (i > 0) {
            counts.push_back(before);
        }
    }
    counts.push_back(pace.hold(end, true));
    return counts;
}

TEST(FrameStats, RepeatsSlowAndSkipsFastPictures) {
    EXPECT_EQ(paced(30, {5, 5 + 1 / 30., 5 + 2 / 30.}, 5.1), (std::vector<std::int64_t>{1, 1, 1}));
    EXPECT_EQ(paced(30, {0, 0.1, 0.3}, 1), (std::vector<std::int64_t>{3, 6, 21}));
    EXPECT_EQ(paced(10, {0, 0.01, 0.02, 0.1}, 0.2), (std::vector<std::int64_t>{0, 0, 1, 1}));
    EXPECT_EQ(paced(10, {3}, 3), (std::vector<std::int64_t>{1})); // a tap on the key still gives a picture
}

TEST(FrameStats, NeverDrifts) {
    FrameRateConverter pace(30);
    std::int64_t written = 0;
    for (int i = 0; i < 100000; ++i) {
        written += pace.advance(i / 47.3);
    }
    written += pace.hold(100000 / 47.3, true);
    EXPECT_EQ(written, pace.written());
    EXPECT_NEAR(static_cast<double>(written) / 30, 100000 / 47.3, 1 / 30.);
}

TEST(FrameStats, HoldingGoesOnWhileNothingComes) {
    FrameRateConverter pace(10);
    EXPECT_EQ(pace.hold(4), 0); // nothing has come yet
    pace.advance(0);
    EXPECT_EQ(pace.hold(0.5), 5);
    EXPECT_EQ(pace.advance(0.8), 3);
    EXPECT_EQ(pace.hold(1.0), 2);
    EXPECT_EQ(pace.advance(0.9), 0); // late: shown from the next slot on
    EXPECT_EQ(pace.hold(1.1, true), 1);
}

} // namespace
} // namespace atelier::media
