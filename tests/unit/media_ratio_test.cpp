// SPDX-License-Identifier: Apache-2.0
// Pictures that are shown at another ratio, in files: scaled by the shape they are shown in, and recorded at it.
#include <atomic>
#include <cmath>
#include <thread>

#include "base/unsquash.h"
#include "media/recorder.h"
#include "media/scale.h"
#include "support/media_fixture.h"

namespace atelier::media {
namespace {

using test::noise_picture;
using test::plain_picture;

PixelBuffer squashed(PixelBuffer picture, PictureRatio ratio) {
    picture.ratio = ratio;
    return picture;
}

bool black_at(const PixelBuffer& picture, int x, int y) {
    return picture.rgba[static_cast<std::size_t>(y * picture.width + x) * 4] < 8;
}

TEST(ScaleRatio, AtItsShownSizeAPictureIsUnsquashed) {
    const PixelBuffer in = squashed(noise_picture(64, 64, 1), {5, 4});
    PixelBuffer out, wanted;
    Scaler().fit(in, 80, 64, Aspect::pad, out);
    unsquash(in, wanted);
    EXPECT_EQ(out.rgba, wanted.rgba);
    EXPECT_EQ(out.ratio, PictureRatio{});
}

TEST(ScaleRatio, BarsAreWhereTheShownShapeLeavesThem) {
    const PixelBuffer in = squashed(plain_picture(64, 64, 200, 200, 200), {5, 4});
    PixelBuffer out;
    Scaler scaler;
    scaler.fit(in, 160, 128, Aspect::pad, out); // of that shape: no bars
    EXPECT_FALSE(black_at(out, 0, 64) || black_at(out, 159, 64) || black_at(out, 80, 0) || black_at(out, 80, 127));
    scaler.fit(in, 128, 128, Aspect::pad, out); // 128 x 102 in the middle
    EXPECT_TRUE(black_at(out, 64, 11) && black_at(out, 64, 116));
    EXPECT_FALSE(black_at(out, 0, 64) || black_at(out, 127, 64) || black_at(out, 64, 14) || black_at(out, 64, 113));
    scaler.fit(in, 128, 128, Aspect::crop, out);
    EXPECT_FALSE(black_at(out, 64, 0) || black_at(out, 0, 64) || black_at(out, 127, 127));
}

TEST(ScaleRatio, ADiskSquashedToAnEllipseIsRoundAgain) {
    PixelBuffer in = plain_picture(64, 64, 0, 0, 0);
    for (int y = 0; y < 64; ++y) {
        for (int x = 0; x < 64; ++x) {
            if (std::hypot((x - 31.5) * 1.25, y - 31.5) < 24) {
                in.rgba[static_cast<std::size_t>(y * 64 + x) * 4] = 255;
            }
        }
    }
    in.ratio = {5, 4};
    PixelBuffer out;
    Scaler().fit(in, 320, 256, Aspect::pad, out);
    const auto length = [&](bool across) {
        int count = 0;
        for (int i = 0; i < (across ? out.width : out.height); ++i) {
            const int x = across ? i : out.width / 2, y = across ? out.height / 2 : i;
            count += out.rgba[static_cast<std::size_t>(y * out.width + x) * 4] > 127;
        }
        return count;
    };
    EXPECT_NEAR(length(true), length(false), 6);
}

TEST(RecordRatio, RecordsPicturesAsTheyAreShown) {
    std::vector<PixelBuffer> written;
    std::pair<int, int> size;
    std::atomic<double> now = 100;
    RecorderOptions options;
    options.path = "unused.mp4";
    options.clock = [&now] { return now.load(); };
    options.make_sink = [&](int width, int height) {
        size = {width, height};
        return std::make_unique<test::KeptFrames>(written);
    };
    Recorder recorder;
    ASSERT_TRUE(recorder.start(options));
    const PixelBuffer first = squashed(noise_picture(64, 64, 5), {5, 4});
    ASSERT_TRUE(recorder.submit(first, 100));
    ASSERT_TRUE(recorder.submit(noise_picture(80, 64, 6), 100.5)); // not squashed: as it is
    now = 101;
    recorder.stop();
    for (int i = 0; i < 2000 && !recorder.status().can_start(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ASSERT_EQ(recorder.status().state, RecordState::done) << recorder.status().message;
    EXPECT_EQ(size, std::pair(80, 64));
    ASSERT_GE(written.size(), 2U);
    PixelBuffer wanted;
    unsquash(first, wanted);
    EXPECT_EQ(written.front().rgba, wanted.rgba);
    EXPECT_EQ(written.back().rgba, noise_picture(80, 64, 6).rgba);
}

} // namespace
} // namespace atelier::media
