// SPDX-License-Identifier: Apache-2.0
// Every codec and container.
#include <malloc.h>

#include "unit/media_codec_fixture.h"

namespace atelier::media {
namespace {

TEST_F(Codecs, TheSameFramesTwiceGiveTheSameBytes) {
    for (const char* name : {"one", "two"}) {
        for (const Codec codec : all) {
            const auto sink = make_sink(options(codec, 128, 128, name));
            for (int n = 0; n < 20; ++n) {
                sink->add(moving_picture(128, n));
            }
            sink->finish();
        }
        std::this_thread::sleep_for(1100ms); // a time of creation would differ
    }
    for (const Codec codec : all) {
        const std::string one = bytes_of(options(codec, 0, 0, "one").path);
        EXPECT_GT(one.size(), 1000u);
        EXPECT_TRUE(one == bytes_of(options(codec, 0, 0, "two").path)) << codec_name(codec);
    }
}

// What lay in an encoder's memory before makes no difference.
TEST_F(Codecs, WhatMemoryHeldBeforeLeavesTheBytesAlone) {
    constexpr int fills[] = {255, 128, 1}; // with 0, 127 and 254
    for (const Codec codec : videos) {
        for (const auto& [side, pictures] : {std::pair{32, 5U}, std::pair{144, 12U}, std::pair{62, 7U}}) {
            std::string first;
            for (const int fill : fills) {
                mallopt(M_PERTURB, fill);
                const OutputOptions wanted = options(codec, side, side);
                {
                    const auto sink = make_sink(wanted);
                    for (unsigned n = 0; n < pictures; ++n)
                        sink->add(noise_picture(side, side, n));
                    sink->finish();
                }
                mallopt(M_PERTURB, 0);
                const std::string bytes = bytes_of(wanted.path);
                EXPECT_TRUE(first.empty() || bytes == first) << codec_name(codec) << ", " << side << " px, " << fill;
                first = bytes;
                fs::remove(wanted.path);
            }
        }
    }
}

TEST_F(Codecs, TheLosslessOnesKeepEveryByte) {
    for (const bool live : {false, true}) {
        for (const auto& [width, height] :
             {std::pair{64, 48}, std::pair{31, 17}, std::pair{3, 3}, std::pair{640, 400}}) {
            OutputOptions wanted = options(Codec::ffv1, width, height);
            wanted.live = live;
            const auto sink = make_sink(wanted);
            for (unsigned n = 0; n < 5; ++n) {
                sink->add(noise_picture(width, height, n));
            }
            sink->finish();
            EXPECT_EQ(files(), std::vector<std::string>{"out.mkv"});
            const auto video = read_video(wanted.path);
            EXPECT_EQ(video.codec, "ffv1");
            EXPECT_THAT(video.container, HasSubstr("matroska"));
            ASSERT_EQ(video.width, width);
            ASSERT_EQ(video.height, height); // odd ones too: nothing is added
            ASSERT_EQ(video.pictures.size(), 5u);
            for (unsigned n = 0; n < 5; ++n) {
                ASSERT_EQ(video.pictures[n], rgb_of(noise_picture(width, height, n))) << width << ' ' << n;
            }
            fs::remove(wanted.path);
        }
    }
    const OutputOptions wanted = options(Codec::png, 31, 17);
    const auto sink = make_sink(wanted);
    for (const unsigned n : {0u, 1u, 1u, 1u, 2u}) { // a held picture among them
        sink->add(noise_picture(31, 17, n));
    }
    sink->finish();
    for (const unsigned n : {0u, 1u, 2u, 3u, 4u}) {
        EXPECT_EQ(io::read_image(wanted.path / fmt::format("frame-{:06}.png", n)).pixels,
                  rgb_of(noise_picture(31, 17,
                                       n == 0   ? 0
                                       : n == 4 ? 2
                                                : 1)));
    }
}

TEST_F(Codecs, HeldPicturesComeAsOftenAsTheyCame) {
    for (const Codec codec : videos) {
        for (const bool live : {false, true}) {
            OutputOptions wanted = options(codec, 64, 64);
            wanted.live = live;
            const auto sink = make_sink(wanted);
            std::vector<int> expected;
            for (const auto& [number, times] : {std::pair{3, 1}, {5, 20}, {6, 1}, {3, 2}, {3, 3}, {9, 40}}) {
                for (int i = 0; i < times; ++i) {
                    sink->add(numbered_picture(64, number));
                    expected.push_back(number);
                }
            }
            EXPECT_EQ(sink->frames(), static_cast<std::int64_t>(expected.size()));
            sink->finish();
            const auto video = read_video(wanted.path);
            ASSERT_EQ(video.pictures.size(), expected.size()) << codec_name(codec);
            for (std::size_t i = 0; i < expected.size(); ++i) {
                EXPECT_EQ(number_of(video.pictures[i]), expected[i]) << codec_name(codec) << i;
                EXPECT_NEAR(video.times[i], static_cast<double>(i) / 30, 0.6e-3);
            }
            EXPECT_NEAR(video.seconds, static_cast<double>(expected.size()) / 30, 1.1e-3);
        }
    }
}

TEST_F(Codecs, ProResKeepsColoursInEveryProfile) {
    const std::pair<ProRes, const char*> profiles[] = {{ProRes::proxy, "apco"},
                                                       {ProRes::lt, "apcs"},
                                                       {ProRes::standard, "apcn"},
                                                       {ProRes::hq, "apch"},
                                                       {ProRes::full, "ap4h"}};
    const std::uint8_t colours[][3] = {{255, 0, 0},    {0, 255, 0}, {0, 0, 255},   {255, 255, 255},
                                       {200, 120, 40}, {0, 0, 0},   {13, 130, 201}};
    std::uintmax_t smaller = 0;
    for (const bool live : {false, true}) {
        for (const auto& [profile, tag] : profiles) {
            OutputOptions wanted = options(Codec::prores, 66, 34);
            wanted.prores = profile;
            wanted.live = live;
            const auto sink = make_sink(wanted);
            for (const auto& c : colours) {
                sink->add(plain_picture(66, 34, c[0], c[1], c[2]));
            }
            sink->finish();
            const auto video = read_video(wanted.path);
            EXPECT_EQ(video.codec, "prores");
            EXPECT_EQ(video.tag, tag);
            EXPECT_THAT(video.container, HasSubstr("mov"));
            EXPECT_EQ(video.pixel_format, profile == ProRes::full ? "yuv444p12le" : "yuv422p10le");
            EXPECT_TRUE(video.bt709);
            EXPECT_FALSE(video.fragmented);
            EXPECT_EQ(video.rate, std::pair(30, 1));
            EXPECT_NEAR(video.seconds, std::size(colours) / 30.0, 1e-3);
            ASSERT_EQ(video.pictures.size(), std::size(colours));
            for (std::size_t i = 0; i < std::size(colours); ++i) {
                for (std::size_t c = 0; c < 3; ++c) {
                    EXPECT_NEAR(video.pictures[i][(16 * 66 + 33) * 3 + c], colours[i][c], 3) << tag << i << ' ' << c;
                }
            }
        }
    }
    for (const auto& [profile, tag] : profiles) { // detail costs more, the better the profile
        OutputOptions wanted = options(Codec::prores, 256, 256);
        wanted.prores = profile;
        const auto sink = make_sink(wanted);
        sink->add(moving_picture(256, 3));
        sink->finish();
        EXPECT_GT(fs::file_size(wanted.path), smaller) << tag;
        smaller = fs::file_size(wanted.path);
    }
}

TEST_F(Codecs, RatesAreExactFractions) {
    const std::pair<double, std::pair<int, int>> rates[] = {
        {1, {1, 1}},    {12.5, {25, 2}},        {23.976, {24000, 1001}}, {23.98, {24000, 1001}},
        {24, {24, 1}},  {29.97, {30000, 1001}}, {59.94, {60000, 1001}},  {119.88, {120000, 1001}},
        {240, {240, 1}}};
    for (const auto& [fps, expected] : rates) {
        const FrameRate rate = frame_rate(fps);
        EXPECT_EQ(std::pair(rate.num, rate.den), expected) << fps;
        for (const Codec codec : videos) {
            for (const bool live : {false, true}) {
                OutputOptions wanted = options(codec, 32, 32);
                wanted.fps = fps;
                wanted.live = live;
                const auto sink = make_sink(wanted);
                for (int n = 0; n < 12; ++n) {
                    sink->add(numbered_picture(32, n));
                }
                sink->finish();
                const auto video = read_video(wanted.path);
                if (codec != Codec::ffv1) { // Matroska counts in milliseconds
                    EXPECT_EQ(video.rate, expected) << fps << codec_name(codec);
                }
                EXPECT_NEAR(video.fps, rate.value(), 1e-3 * fps) << codec_name(codec);
                EXPECT_NEAR(video.seconds, 12 / rate.value(), 1.1e-3) << codec_name(codec) << fps;
                ASSERT_EQ(video.times.size(), 12u);
                for (std::size_t n = 0; n < 12; ++n) {
                    EXPECT_NEAR(video.times[n], static_cast<double>(n) / rate.value(), 0.6e-3);
                    EXPECT_EQ(number_of(video.pictures[n]), static_cast<int>(n));
                }
            }
        }
    }
}

TEST_F(Codecs, AreToldByTheNameOfTheFile) {
    EXPECT_EQ(codec_for("a/walk.MP4"), Codec::h264);
    EXPECT_EQ(codec_for("walk.mov"), Codec::prores);
    EXPECT_EQ(codec_for("walk.mkv"), Codec::ffv1);
    EXPECT_EQ(codec_for("frames.2"), Codec::png);
    const auto refusal = [](OutputOptions wanted) -> std::string {
        try {
            check_path(wanted);
            check_values(wanted);
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_THROW(codec_for(""), Error);
    EXPECT_EQ(codec_for("frames"), Codec::png);
    EXPECT_EQ(codec_for("frames.webp/"), Codec::png);
    for (const char* other : {"a.gif", "clip.foo", "a.png"}) {
        EXPECT_THROW(codec_for(other), Error) << other;
    }
    for (const Codec codec : all) {
        EXPECT_EQ(refusal(options(codec, 0, 0)), "");
        EXPECT_EQ(refusal(options(codec, 512, 0)), "");
        EXPECT_EQ(refusal(options(codec, 1920, 1080)), "");
        EXPECT_THAT(refusal(options(codec, 641, 360)), HasSubstr("640 or 642"));
        EXPECT_THAT(refusal(options(codec, 640, 20000)), HasSubstr("16384"));
        EXPECT_THAT(refusal(options(codec, 0, 640)), HasSubstr("width"));
        OutputOptions wanted = options(codec, 0, 0);
        wanted.path.replace_extension(codec == Codec::h264 ? ".mkv" : ".mp4");
        EXPECT_NE(refusal(wanted), "");
        EXPECT_THROW(make_sink(wanted), Error);
        EXPECT_TRUE(files().empty());
    }
}

TEST_F(Codecs, AnotherShapeIsPaddedOrCropped) {
    // Left half red, right half blue, in a file twice as wide.
    PixelBuffer picture = plain_picture(64, 64, 200, 20, 20);
    for (std::size_t i = 0; i < picture.rgba.size(); i += 4) {
        if (i / 4 % 64 >= 32) {
            picture.rgba[i] = 20;
            picture.rgba[i + 2] = 200;
        }
    }
    for (const Aspect aspect : {Aspect::pad, Aspect::crop}) {
        Recorder recorder;
        RecorderOptions wanted;
        wanted.codec = Codec::ffv1;
        wanted.path = in_folder("out.mkv");
        wanted.width = 256;
        wanted.height = 128;
        wanted.aspect = aspect;
        ASSERT_TRUE(recorder.start(wanted));
        recorder.submit(picture);
        recorder.stop();
        while (!recorder.status().can_start()) {
            std::this_thread::sleep_for(2ms);
        }
        ASSERT_EQ(recorder.status().state, RecordState::done) << recorder.status().message;
        const auto video = read_video(wanted.path);
        ASSERT_EQ(video.width, 256);
        ASSERT_EQ(video.height, 128);
        const auto pixel = [&](std::size_t x, std::size_t y) {
            const auto* at = &video.pictures.at(0)[(y * 256 + x) * 3];
            return std::vector<int>{at[0], at[1], at[2]};
        };
        using testing::ElementsAre;
        const auto red = ElementsAre(testing::Ge(195), testing::Le(25), testing::Le(25));
        const auto blue = ElementsAre(testing::Le(25), testing::Le(25), testing::Ge(195));
        const auto black = ElementsAre(0, 0, 0);
        const bool bars = aspect == Aspect::pad;
        if (bars) {
            EXPECT_THAT(pixel(0, 0), black);
            EXPECT_THAT(pixel(63, 127), black);
            EXPECT_THAT(pixel(192, 64), black);
        } else {
            EXPECT_THAT(pixel(0, 0), red);
            EXPECT_THAT(pixel(255, 127), blue);
        }
        EXPECT_THAT(pixel(64, 5), red);
        EXPECT_THAT(pixel(120, 64), red);
        EXPECT_THAT(pixel(136, 64), blue);
        EXPECT_THAT(pixel(191, 120), blue);
    }
}

TEST(OutputSize, FollowsThePictureWhereNotAsked) {
    OutputOptions wanted;
    EXPECT_EQ(output_size(wanted, 63, 41), std::pair(63, 41));
    wanted.width = 512;
    EXPECT_EQ(output_size(wanted, 64, 64), std::pair(512, 512));
    EXPECT_EQ(output_size(wanted, 1280, 720), std::pair(512, 288));
    EXPECT_EQ(output_size(wanted, 64, 45).second % 2, 0);
    wanted.height = 100;
    EXPECT_EQ(output_size(wanted, 64, 64), std::pair(512, 100));
}

// Five seconds at a wavering rate: the file is as long to a frame, and its pictures are those that were shown then.

} // namespace
} // namespace atelier::media
