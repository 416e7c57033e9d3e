// SPDX-License-Identifier: Apache-2.0
// Plain pictures of every kind through decoding, fitting, resampling and the job.
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "io/image.h"
#include "io/zip_file.h"
#include "prepare/cut_run.h"
#include "prepare/decode.h"
#include "prepare/fit.h"
#include "support/paths.h"
#include "support/scratch.h"

namespace atelier::prepare {
namespace {

using test::Scratch;
using testing::HasSubstr;

std::vector<std::uint8_t> encoded(const char* kind, const cv::Mat& image) {
    std::vector<std::uint8_t> bytes;
    cv::imencode(kind, image, bytes);
    return bytes;
}

// Colours that differ in every quarter, so that a wrong turn shows.
cv::Mat quarters(int width, int height) {
    cv::Mat image(height, width, CV_8UC3, cv::Scalar(200, 40, 40));
    cv::rectangle(image, {width / 2, 0, width, height / 2}, cv::Scalar(30, 210, 60), -1);
    cv::rectangle(image, {0, height / 2, width / 2, height}, cv::Scalar(20, 50, 220), -1);
    return image;
}

double worst_difference(const cv::Mat& a, const cv::Mat& b) {
    return a.size() == b.size() && a.type() == b.type() ? cv::norm(a, b, cv::NORM_INF) : 999;
}

std::vector<Item> finish(CutRun& job, int threads = 2) {
    job.start(threads);
    while (!job.wait(1)) {
    }
    return job.items();
}

CutOptions plain(int size) {
    CutOptions options;
    options.size = size;
    return options;
}

TEST(PreparePlain, TheEmojiPortraitsBecomeTheBundledSet) {
    const auto folder = test::shared_dir() / "data" / "emoji-portraits";
    const Scratch scratch;
    CutRun job(find_sources({folder}, 1), plain(64), scratch / "work");
    std::vector<Item> items = finish(job);
    judge(items, job.options(), default_thresholds(job.options()), false);
    ASSERT_GE(items.size(), 20U) << folder; // all of them, or the first
    const io::ZipFile bundled(test::source_dir() / "assets" / "emoji-portraits-64.zip");
    std::size_t next = 0;
    for (const Item& item : items) {
        EXPECT_TRUE(item.kept) << item.name << " " << item.words;
        if (item.name.starts_with("1f9d9") || item.name.starts_with("1f9db") || item.name.starts_with("1f9dd")) {
            continue; // not in the bundled set (assets/make_sets.sh)
        }
        const std::string entry = fmt::format("00000/img{:08}.png", next++);
        const io::Image8 want = io::decode_image(bundled.extract(entry, 1U << 20), entry, 3);
        EXPECT_EQ(io::decode_image(job.crop_png(item), item.name, 3).pixels, want.pixels) << item.name;
    }
    if (items.size() > 20) {
        EXPECT_EQ(next, 516U);
    }
}

TEST(PrepareDecode, KindsAndDepthsOfAPictureAreTheSame) {
    const cv::Mat image = quarters(60, 40);
    cv::Mat deep, alpha;
    image.convertTo(deep, CV_16UC3, 257);
    cv::cvtColor(image, alpha, cv::COLOR_BGR2BGRA); // opaque
    EXPECT_EQ(worst_difference(decode(encoded(".png", image), "a").pixels, image), 0);
    EXPECT_EQ(worst_difference(decode(encoded(".png", deep), "a").pixels, image), 0);
    EXPECT_EQ(worst_difference(decode(encoded(".png", alpha), "a").pixels, image), 0);
    EXPECT_EQ(worst_difference(decode(encoded(".tiff", image), "a").pixels, image), 0);
    EXPECT_EQ(worst_difference(decode(encoded(".tiff", deep), "a").pixels, image), 0);
    EXPECT_EQ(worst_difference(decode(encoded(".bmp", image), "a").pixels, image), 0);
    std::vector<std::uint8_t> webp;
    cv::imencode(".webp", image, webp, {cv::IMWRITE_WEBP_QUALITY, 101}); // lossless
    EXPECT_EQ(worst_difference(decode(webp, "a").pixels, image), 0);
    cv::Mat gray;
    cv::cvtColor(image, gray, cv::COLOR_BGR2GRAY);
    const Picture from_gray = decode(encoded(".png", gray), "a");
    EXPECT_EQ(from_gray.pixels.channels(), 3);
    EXPECT_EQ(from_gray.pixels.at<cv::Vec3b>(5, 5)[2], gray.at<std::uint8_t>(5, 5));
}

TEST(PrepareDecode, TransparencyIsSeen) {
    cv::Mat alpha(8, 8, CV_8UC4, cv::Scalar(1, 2, 3, 255));
    alpha.at<cv::Vec4b>(3, 3)[3] = 100;
    const Picture picture = decode(encoded(".png", alpha), "a");
    EXPECT_TRUE(picture.transparent);
    EXPECT_EQ(picture.pixels.channels(), 4);
}

// A JPEG with EXIF that holds only the orientation.
std::vector<std::uint8_t> with_orientation(std::vector<std::uint8_t> jpeg, std::uint8_t orientation) {
    const std::vector<std::uint8_t> exif{0xFF, 0xE1, 0, 34, 'E', 'x',         'i', 'f', 0, 0,    'M', 'M',
                                         0,    42,   0, 0,  0,   8,           0,   1,   1, 0x12, 0,   3,
                                         0,    0,    0, 1,  0,   orientation, 0,   0,   0, 0,    0,   0};
    jpeg.insert(jpeg.begin() + 2, exif.begin(), exif.end());
    return jpeg;
}

TEST(PrepareDecode, ExifTurnsThePictureUpright) {
    const cv::Mat upright = quarters(96, 64);
    // What the camera stored for each way of holding it.
    std::map<int, cv::Mat> stored;
    const auto flipped = [](const cv::Mat& m, int how) {
        cv::Mat result;
        cv::flip(m, result, how);
        return result;
    };
    const cv::Mat swapped = upright.t();
    stored[1] = upright;
    stored[2] = flipped(upright, 1);
    stored[3] = flipped(upright, -1);
    stored[4] = flipped(upright, 0);
    stored[5] = swapped;
    stored[6] = flipped(swapped, 0);
    stored[7] = flipped(swapped, -1);
    stored[8] = flipped(swapped, 1);
    for (const auto& [orientation, image] : stored) {
        std::vector<std::uint8_t> jpeg;
        cv::imencode(".jpg", image, jpeg, {cv::IMWRITE_JPEG_QUALITY, 100});
        const Picture picture = decode(with_orientation(jpeg, static_cast<std::uint8_t>(orientation)), "a");
        ASSERT_EQ(picture.pixels.size(), upright.size()) << orientation;
        EXPECT_LT(cv::norm(picture.pixels, upright, cv::NORM_L1) / static_cast<double>(upright.total()), 12)
            << orientation;
    }
}

// 3 x 2 gray pixels, uncompressed, with an orientation.
std::vector<std::uint8_t> tiny_tiff(std::uint8_t orientation) {
    std::vector<std::uint8_t> out{'I', 'I', 42, 0, 14, 0, 0, 0, 10, 20, 30, 40, 50, 60, 10, 0};
    const auto entry = [&](int tag, int type, int value) {
        for (const int word : {tag & 255, tag >> 8, type, 0, 1, 0, 0, 0, value & 255, value >> 8, 0, 0}) {
            out.push_back(static_cast<std::uint8_t>(word));
        }
    };
    entry(256, 3, 3); // width
    entry(257, 3, 2);
    entry(258, 3, 8);
    entry(259, 3, 1);
    entry(262, 3, 1);
    entry(273, 4, 8); // where the pixels begin
    entry(274, 3, orientation);
    entry(277, 3, 1);
    entry(278, 3, 2);
    entry(279, 4, 6);
    out.insert(out.end(), 4, 0);
    return out;
}

TEST(PrepareDecode, TiffsAreTurnedUprightOnce) {
    const auto grays = [](int orientation) {
        const Picture picture = decode(tiny_tiff(static_cast<std::uint8_t>(orientation)), "a");
        cv::Mat gray;
        cv::extractChannel(picture.pixels, gray, 0);
        std::vector<int> values{gray.cols};
        values.insert(values.end(), gray.begin<std::uint8_t>(), gray.end<std::uint8_t>());
        return values;
    };
    EXPECT_EQ(grays(1), (std::vector<int>{3, 10, 20, 30, 40, 50, 60}));
    EXPECT_EQ(grays(3), (std::vector<int>{3, 60, 50, 40, 30, 20, 10}));
    EXPECT_EQ(grays(6), (std::vector<int>{2, 40, 10, 50, 20, 60, 30}));
    EXPECT_EQ(grays(8), (std::vector<int>{2, 30, 60, 20, 50, 10, 40}));
}

// Bits into bytes, with JPEG's stuffing.
struct Bits {
    std::vector<std::uint8_t> bytes;
    std::uint32_t word = 0;
    int count = 0;
    void put(std::uint32_t value, int bits) {
        for (int i = bits - 1; i >= 0; --i) {
            word = word << 1 | (value >> i & 1U);
            if (++count == 8) {
                bytes.push_back(static_cast<std::uint8_t>(word));
                if (bytes.back() == 0xFF) {
                    bytes.push_back(0);
                }
                count = 0;
                word = 0;
            }
        }
    }
};

// 8 x 8 px of one colour, four components as Adobe stores CMYK (inverted), only DC coefficients.
std::vector<std::uint8_t> cmyk_jpeg(std::array<int, 4> inks) {
    std::vector<std::uint8_t> out{0xFF, 0xD8, 0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
    out.insert(out.end(), {0xFF, 0xDB, 0, 67, 0});
    out.insert(out.end(), 64, 8);
    out.insert(out.end(), {0xFF, 0xC0, 0, 20, 8, 0, 8, 0, 8, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0});
    // DC sizes 0..8 all have codes of 4 bits; the only AC code is the block's end, "0".
    out.insert(out.end(), {0xFF, 0xC4, 0, 28, 0x00, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    out.insert(out.end(), {0, 1, 2, 3, 4, 5, 6, 7, 8});
    out.insert(out.end(), {0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    out.insert(out.end(), {0xFF, 0xDA, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0});
    Bits bits;
    for (const int ink : inks) {
        const int dc = ink - 128;
        int size = 0;
        while (std::abs(dc) >> size != 0) {
            ++size;
        }
        bits.put(static_cast<std::uint32_t>(size), 4);
        bits.put(static_cast<std::uint32_t>(dc < 0 ? dc + (1 << size) - 1 : dc), size);
        bits.put(0, 1);
    }
    bits.put(0x7F, bits.count == 0 ? 0 : 8 - bits.count);
    out.insert(out.end(), bits.bytes.begin(), bits.bytes.end());
    out.insert(out.end(), {0xFF, 0xD9});
    return out;
}

TEST(PrepareDecode, CmykJpegsHaveTheirColours) {
    const Picture picture = decode(cmyk_jpeg({255, 128, 0, 255}), "a"); // full red light, half green, no blue
    const cv::Vec3b pixel = picture.pixels.at<cv::Vec3b>(4, 4);
    EXPECT_NEAR(pixel[2], 255, 2);
    EXPECT_NEAR(pixel[1], 128, 2);
    EXPECT_NEAR(pixel[0], 0, 2);
}

TEST(PrepareDecode, WrongAndAbsurdFilesAreRefusedInWords) {
    const auto said = [](const std::vector<std::uint8_t>& bytes) {
        return test::message_from<Error>([&] { decode(bytes, "x"); });
    };
    EXPECT_THAT(said(test::bytes_of("hello, this is text")),
                HasSubstr("is no PNG, JPEG, WebP, TIFF, BMP, GIF, HEIC or AVIF"));
    auto png = encoded(".png", quarters(60, 40));
    auto cut = png;
    cut.resize(cut.size() / 2);
    EXPECT_THAT(said(cut), HasSubstr("cut off"));
    auto absurd = png;
    absurd[16] = 0x7F; // width
    EXPECT_THAT(said(absurd), HasSubstr("at most 32768 px"));
    auto damaged = png;
    damaged[60] ^= 0x55U;
    EXPECT_THAT(said(damaged), HasSubstr("damaged"));
    auto jpeg = encoded(".jpg", quarters(60, 40));
    jpeg.resize(jpeg.size() - 40);
    EXPECT_THAT(said(jpeg), HasSubstr("cut off"));
}

TEST(PrepareFit, CropsPadsAndStretches) {
    Picture wide{cv::Mat(100, 300, CV_8UC3), false};
    CutOptions options = plain(64);
    options.fit = Fit::crop;
    const auto numbers = [&](const Picture& picture) {
        const Rect r = fitted_rect(picture, options);
        return std::array{r.x, r.y, r.width, r.height};
    };
    EXPECT_EQ(numbers(wide), (std::array{100, 0, 100, 100}));
    options.fit = Fit::pad;
    EXPECT_EQ(numbers(wide), (std::array{0, -100, 300, 300}));
    options.fit = Fit::stretch;
    EXPECT_EQ(numbers(wide), (std::array{0, 0, 300, 100}));
    options.fit = Fit::crop;
    options.ratio_width = 5;
    options.ratio_height = 4;
    EXPECT_EQ(numbers(wide), (std::array{87, 0, 125, 100}));
    wide.transparent = true;
    options.fit = Fit::automatic;
    EXPECT_EQ(numbers(wide), (std::array{0, -70, 300, 240}));
}

TEST(PrepareResample, KeepsFlatColoursAndFillsTheEdges) {
    const Picture picture{cv::Mat(30, 40, CV_8UC3, cv::Scalar(10, 120, 230)), false};
    for (const Filter filter : {Filter::lanczos, Filter::area}) {
        for (const bool light : {true, false}) {
            CutOptions options = plain(64);
            options.filter = filter;
            options.linear_light = light;
            options.fill = Fill::reflect;
            const cv::Mat made = to_codes(resample(picture, {-20, -20, 80, 70}, 64, 64, options), light);
            EXPECT_EQ(worst_difference(made, cv::Mat(64, 64, CV_8UC3, cv::Scalar(10, 120, 230))), 0);
        }
    }
    CutOptions options = plain(64);
    options.background = {1, 2, 3};
    const cv::Mat made = to_codes(resample(picture, {-40, 0, 80, 30}, 80, 30, options), true);
    EXPECT_EQ(made.at<cv::Vec3b>(3, 3), cv::Vec3b(3, 2, 1));
    EXPECT_EQ(made.at<cv::Vec3b>(3, 70), cv::Vec3b(10, 120, 230));
}

TEST(PrepareResample, BlackAndWhiteMixToHalfTheLight) {
    cv::Mat stripes(64, 128, CV_8UC3, cv::Scalar::all(0));
    for (int x = 0; x < 128; x += 2) {
        stripes.col(x).setTo(cv::Scalar::all(255));
    }
    CutOptions options = plain(64);
    options.filter = Filter::area;
    const cv::Mat light = to_codes(resample({stripes, false}, {0, 0, 128, 64}, 64, 64, options), true);
    EXPECT_EQ(light.at<cv::Vec3b>(20, 20)[0], 188); // sRGB's code of half the light
    options.linear_light = false;
    const cv::Mat codes = to_codes(resample({stripes, false}, {0, 0, 128, 64}, 64, 64, options), false);
    EXPECT_NEAR(codes.at<cv::Vec3b>(20, 20)[0], 128, 1);
}

TEST(PrepareJob, GoesOnWhereItWasAndAppliesThresholdsWithoutComputing) {
    const Scratch scratch;
    std::filesystem::create_directories(scratch / "in/a");
    cv::Mat picture(200, 200, CV_8UC3);
    cv::randu(picture, 0, 255);
    test::put_bytes(scratch / "in/a/1.png", encoded(".png", picture));
    test::put_bytes(scratch / "in/2.png", encoded(".png", picture)); // the same again
    test::put_bytes(scratch / "in/3.jpg", encoded(".jpg", quarters(90, 90)));
    test::put_bytes(scratch / "in/4.png", test::bytes_of("no picture"));
    test::put_bytes(scratch / "in/notes.txt", test::bytes_of("no picture"));
    const CutOptions options = plain(64);
    {
        CutRun job(find_sources({scratch / "in"}, 1), options, scratch / "work");
        EXPECT_EQ(job.sources().others, 1);
        std::vector<Item> items = finish(job);
        ASSERT_EQ(items.size(), 4U);
        judge(items, options, default_thresholds(options), false);
        EXPECT_TRUE(items[0].kept);
        EXPECT_TRUE(items[1].kept);
        EXPECT_THAT(items[2].words, HasSubstr("is no PNG"));
        EXPECT_EQ(items[3].reason, Reason::duplicate);
        EXPECT_EQ(items[3].words, "is the same picture as 2.png");
        Thresholds strict = default_thresholds(options);
        strict.source = 150;
        items[1].request = Override::keep;
        judge(items, options, strict, false);
        EXPECT_TRUE(items[1].kept);
        items[1].request = Override::none;
        judge(items, options, strict, true);
        EXPECT_EQ(items[1].reason, Reason::no_label);
        EXPECT_TRUE(items[3].kept);                                                                // in a subfolder
        EXPECT_THROW(CutRun(find_sources({scratch / "in"}, 1), options, scratch / "work"), Error); // in use
    }
    CutRun again(find_sources({scratch / "in"}, 1), options, scratch / "work");
    finish(again);
    EXPECT_EQ(again.progress().reused, 3U);
}

} // namespace
} // namespace atelier::prepare
