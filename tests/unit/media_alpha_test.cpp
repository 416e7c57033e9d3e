// SPDX-License-Identifier: Apache-2.0
// Pictures with transparent parts in every codec: kept where the format can, over black elsewhere.
#include "base/alpha.h"
#include "support/soon.h"
#include "unit/media_codec_fixture.h"

namespace atelier::media {
namespace {

// Noise under alpha that grows from left to right.
PixelBuffer fading(int width, int height, unsigned n) {
    PixelBuffer picture = noise_picture(width, height, n);
    picture.alpha = true;
    for (std::size_t i = 3; i < picture.rgba.size(); i += 4) {
        picture.rgba[i] = static_cast<std::uint8_t>(static_cast<int>(i / 4) % width * 255 / (width - 1));
    }
    return picture;
}

std::vector<std::uint8_t> alpha_in(const PixelBuffer& picture) {
    std::vector<std::uint8_t> alpha;
    for (std::size_t i = 3; i < picture.rgba.size(); i += 4) {
        alpha.push_back(picture.rgba[i]);
    }
    return alpha;
}

class Transparency : public Codecs {
protected:
    fs::path written(OutputOptions wanted, int width, int height) {
        wanted.width = width;
        wanted.height = height;
        wanted.alpha = true;
        const auto sink = make_sink(wanted);
        for (unsigned n = 0; n < 3; ++n) {
            sink->add(fading(width, height, n));
        }
        sink->finish();
        return wanted.path;
    }
    OutputOptions of(Codec codec, ProRes prores = ProRes::hq, bool live = false) const {
        OutputOptions wanted = options(codec, 0, 0, live ? "live" : "out");
        wanted.prores = prores;
        wanted.live = live;
        return wanted;
    }
};

TEST_F(Transparency, WhichKeepIt) {
    EXPECT_TRUE(keeps_alpha(of(Codec::png)));
    EXPECT_TRUE(keeps_alpha(of(Codec::ffv1)));
    EXPECT_TRUE(keeps_alpha(of(Codec::prores, ProRes::full)));
    EXPECT_FALSE(keeps_alpha(of(Codec::prores)));
    EXPECT_FALSE(keeps_alpha(of(Codec::h264)));
}

TEST_F(Transparency, PngAndFfv1KeepEveryByte) {
    const fs::path folder = written(of(Codec::png), 31, 17);
    for (unsigned n = 0; n < 3; ++n) {
        const io::Image8 image = io::read_image(folder / fmt::format("frame-{:06}.png", n));
        EXPECT_EQ(image.channels, 4);
        EXPECT_EQ(image.pixels, fading(31, 17, n).rgba);
    }
    for (const bool live : {false, true}) {
        const auto video = read_video(written(of(Codec::ffv1, ProRes::hq, live), 31, 17));
        ASSERT_EQ(video.alpha.size(), 3u);
        for (unsigned n = 0; n < 3; ++n) {
            EXPECT_EQ(video.alpha[n], alpha_in(fading(31, 17, n)));
            EXPECT_EQ(video.pictures[n], rgb_of(fading(31, 17, n)));
        }
    }
}

TEST_F(Transparency, ProRes4444KeepsIt) {
    for (const bool live : {false, true}) {
        const auto video = read_video(written(of(Codec::prores, ProRes::full, live), 64, 48));
        ASSERT_EQ(video.alpha.size(), 3u) << video.pixel_format;
        EXPECT_EQ(video.tag, "ap4h");
        for (unsigned n = 0; n < 3; ++n) {
            const std::vector<std::uint8_t> wanted = alpha_in(fading(64, 48, n));
            for (std::size_t i = 0; i < wanted.size(); ++i) {
                ASSERT_NEAR(video.alpha[n][i], wanted[i], 1) << i;
            }
        }
    }
}

// The same bytes as of pictures that were put on black before.
TEST_F(Transparency, OthersLieOnBlack) {
    for (const auto& wanted : {of(Codec::h264), of(Codec::prores)}) {
        const auto video = read_video(written(wanted, 64, 48));
        EXPECT_TRUE(video.alpha.empty());
        OutputOptions flat = wanted;
        flat.path = in_folder(std::string("flat") + codec_extension(wanted.codec));
        flat.width = 64;
        flat.height = 48;
        const auto sink = make_sink(flat);
        for (unsigned n = 0; n < 3; ++n) {
            PixelBuffer picture = fading(64, 48, n);
            put_on_black(picture);
            sink->add(picture);
        }
        sink->finish();
        EXPECT_EQ(video.pictures, read_video(flat.path).pictures);
    }
}

// Pictures of a model without alpha in between: the file's kind was settled by the first.
TEST_F(Transparency, ARecorderAsksTheFirstPicture) {
    RecorderOptions how;
    static_cast<OutputOptions&>(how) = of(Codec::ffv1);
    double now = 0;
    how.clock = [&] { return now; };
    Recorder recorder;
    ASSERT_TRUE(recorder.start(how));
    ASSERT_TRUE(recorder.submit(fading(32, 16, 1), 0.0));
    recorder.stop();
    ASSERT_TRUE(test::soon([&] { return recorder.status().can_start(); }));
    ASSERT_EQ(recorder.status().state, RecordState::done) << recorder.status().message;
    const auto video = read_video(how.path);
    ASSERT_FALSE(video.alpha.empty());
    EXPECT_EQ(video.alpha[0], alpha_in(fading(32, 16, 1)));
}

} // namespace
} // namespace atelier::media
