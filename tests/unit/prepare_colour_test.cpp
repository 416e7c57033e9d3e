// SPDX-License-Identifier: Apache-2.0
// Colour profiles: what a person sees is what is prepared and trained on, whatever file the colours come in.
#include <fstream>
#include <memory>

#include <gtest/gtest.h>
#include <lcms2.h>
#include <libheif/heif.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "io/colour_profile.h"
#include "io/picture_extras.h"
#include "prepare/decode.h"
#include "support/paths.h"
#include "support/picture_files.h"

namespace atelier::prepare {
namespace {

using Bytes = std::vector<std::uint8_t>;
constexpr int display_p3 = 12; // as ITU-T H.273 numbers primaries

Bytes bytes_in(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// sRGB's red as Display P3 has it: 234, 51, 35.
const cv::Scalar p3_red(35, 51, 234);

cv::Mat red_picture() {
    return {32, 32, CV_8UC3, p3_red};
}

// The profile under which 234, 51, 35 is sRGB's pure red.
const Bytes& p3() {
    static const Bytes profile = io::profile_of_primaries(display_p3);
    return profile;
}

void expect_pure_red(const Bytes& file, const char* what, int levels = 1) {
    const cv::Vec3b pixel = decode(file, what).pixels.at<cv::Vec3b>(16, 16);
    EXPECT_NEAR(pixel[2], 255, levels) << what;
    EXPECT_NEAR(pixel[1], 0, levels) << what;
    EXPECT_NEAR(pixel[0], 0, levels) << what;
}

void put_big(Bytes& into, std::size_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        into.push_back(static_cast<std::uint8_t>(value >> shift));
    }
}

Bytes png_with(const cv::Mat& picture, const std::string& chunk) {
    Bytes png;
    cv::imencode(".png", picture, png);
    png.insert(png.begin() + 33, chunk.begin(), chunk.end()); // behind IHDR
    return png;
}

std::string profile_chunk(const Bytes& profile) {
    return test::png_chunk("iCCP",
                           std::string("P3\0\0", 4) + test::packed(std::string(profile.begin(), profile.end())));
}

// In as many parts as asked for, as large profiles are stored.
Bytes jpeg_with(const cv::Mat& picture, const Bytes& profile, std::size_t parts) {
    Bytes jpeg, segments;
    cv::imencode(".jpg", picture, jpeg, {cv::IMWRITE_JPEG_QUALITY, 100});
    for (std::size_t i = 0; i < parts; ++i) {
        const std::size_t from = profile.size() * i / parts, to = profile.size() * (i + 1) / parts;
        segments.insert(segments.end(), {0xFF, 0xE2});
        put_big(segments, to - from + 16, 2);
        const std::string head = std::string("ICC_PROFILE\0", 12) + static_cast<char>(i + 1) + static_cast<char>(parts);
        segments.insert(segments.end(), head.begin(), head.end());
        segments.insert(segments.end(), profile.begin() + static_cast<std::ptrdiff_t>(from),
                        profile.begin() + static_cast<std::ptrdiff_t>(to));
    }
    jpeg.insert(jpeg.begin() + 2, segments.begin(), segments.end());
    return jpeg;
}

// OpenCV's TIFF with one more entry in its directory, which moves to the end.
Bytes tiff_with(const cv::Mat& picture, const Bytes& profile) {
    Bytes tiff;
    cv::imencode(".tiff", picture, tiff);
    const auto number = [&](std::size_t at, int bytes) {
        std::size_t value = 0;
        for (int i = bytes - 1; i >= 0; --i) {
            value = value << 8 | tiff[at + static_cast<std::size_t>(i)];
        }
        return value;
    };
    const std::size_t directory = number(4, 4), count = number(directory, 2), profile_at = tiff.size();
    Bytes entries(tiff.begin() + static_cast<std::ptrdiff_t>(directory) + 2,
                  tiff.begin() + static_cast<std::ptrdiff_t>(directory + 2 + 12 * count));
    tiff.insert(tiff.end(), profile.begin(), profile.end());
    const std::size_t moved = tiff.size();
    const auto put = [](Bytes& into, std::size_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) {
            into.push_back(static_cast<std::uint8_t>(value >> 8 * i));
        }
    };
    put(tiff, count + 1, 2);
    tiff.insert(tiff.end(), entries.begin(), entries.end());
    put(tiff, 34675, 2);
    put(tiff, 7, 2);
    put(tiff, profile.size(), 4);
    put(tiff, profile_at, 4);
    put(tiff, 0, 4);
    for (int i = 0; i < 4; ++i) {
        tiff[4 + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(moved >> 8 * i);
    }
    return tiff;
}

Bytes webp_with(const cv::Mat& picture, const Bytes& profile) {
    Bytes still, body{'W', 'E', 'B', 'P'}, whole;
    cv::imencode(".webp", picture, still, {cv::IMWRITE_WEBP_QUALITY, 101}); // lossless
    const auto side = static_cast<std::uint8_t>(picture.cols - 1);
    test::put_riff(body, "VP8X", {0x20, 0, 0, 0, side, 0, 0, side, 0, 0});
    test::put_riff(body, "ICCP", profile);
    body.insert(body.end(), still.begin() + 12, still.end());
    test::put_riff(whole, "RIFF", body);
    return whole;
}

// HEIC or AVIF by libheif. Empty: this libheif has no encoder for it.
Bytes heif_with(const cv::Mat& picture, const Bytes& profile, heif_compression_format format, int primaries) {
    std::unique_ptr<heif_context, void (*)(heif_context*)> context(heif_context_alloc(), heif_context_free);
    heif_encoder* encoder = nullptr;
    if (heif_context_get_encoder_for_format(context.get(), format, &encoder).code != heif_error_Ok) {
        return {};
    }
    heif_encoder_set_lossy_quality(encoder, 100);
    heif_encoder_set_parameter_string(encoder, "chroma", "444");
    heif_image* image = nullptr;
    heif_image_create(picture.cols, picture.rows, heif_colorspace_RGB, heif_chroma_interleaved_RGB, &image);
    heif_image_add_plane(image, heif_channel_interleaved, picture.cols, picture.rows, 24);
    int stride = 0;
    std::uint8_t* rows = heif_image_get_plane(image, heif_channel_interleaved, &stride);
    cv::Mat rgb(picture.rows, picture.cols, CV_8UC3, rows, static_cast<std::size_t>(stride));
    cv::cvtColor(picture, rgb, cv::COLOR_BGR2RGB);
    if (!profile.empty()) {
        heif_image_set_raw_color_profile(image, "prof", profile.data(), profile.size());
    }
    heif_encoding_options* options = heif_encoding_options_alloc();
    heif_color_profile_nclx* nclx = heif_nclx_color_profile_alloc();
    if (primaries > 0) {
        nclx->color_primaries = static_cast<heif_color_primaries>(primaries);
        options->output_nclx_profile = nclx;
        options->macOS_compatibility_workaround_no_nclx_profile = 0;
        heif_image_set_nclx_color_profile(image, nclx);
    }
    heif_image_handle* handle = nullptr;
    const bool done = heif_context_encode_image(context.get(), image, encoder, options, &handle).code == heif_error_Ok;
    Bytes out;
    heif_writer writer{1, [](heif_context*, const void* data, std::size_t size, void* into) {
                           const auto* from = static_cast<const std::uint8_t*>(data);
                           static_cast<Bytes*>(into)->assign(from, from + size);
                           return heif_error{heif_error_Ok, heif_suberror_Unspecified, ""};
                       }};
    if (done) {
        heif_context_write(context.get(), &writer, &out);
        heif_image_handle_release(handle);
    }
    heif_nclx_color_profile_free(nclx);
    heif_encoding_options_free(options);
    heif_image_release(image);
    heif_encoder_release(encoder);
    return out;
}

TEST(PrepareColour, TheReportedPictureIsRed) {
    const auto folder = test::reports_dir() / "41-display-p3";
    const cv::Vec3b red = decode(bytes_in(folder / "p3.jpg"), "p3.jpg").pixels.at<cv::Vec3b>(20, 20);
    EXPECT_EQ(red, cv::Vec3b(0, 0, 255));
    const io::Image8 trained = io::decode_shown(bytes_in(folder / "p3.jpg"), "p3.jpg");
    EXPECT_EQ(Bytes(trained.pixels.begin(), trained.pixels.begin() + 3), (Bytes{255, 0, 0}));
    const cv::Vec3b plain = decode(bytes_in(folder / "none.jpg"), "none.jpg").pixels.at<cv::Vec3b>(20, 20);
    EXPECT_EQ(plain, cv::Vec3b(35, 51, 234)) << "the same numbers without a profile";
}

TEST(PrepareColour, ProfilesOfEveryKindOfFileCount) {
    ASSERT_FALSE(p3().empty());
    expect_pure_red(png_with(red_picture(), profile_chunk(p3())), "PNG");
    expect_pure_red(jpeg_with(red_picture(), p3(), 1), "JPEG");
    expect_pure_red(jpeg_with(red_picture(), p3(), 3), "JPEG in parts");
    expect_pure_red(tiff_with(red_picture(), p3()), "TIFF");
    expect_pure_red(webp_with(red_picture(), p3()), "WebP");
}

TEST(PrepareColour, ProfilesOfHeicAndAvifCount) {
    int tried = 0;
    for (const heif_compression_format format : {heif_compression_AV1, heif_compression_HEVC}) {
        const Bytes with_profile = heif_with(red_picture(), p3(), format, 0);
        if (with_profile.empty()) {
            continue;
        }
        ++tried;
        expect_pure_red(with_profile, format == heif_compression_AV1 ? "AVIF" : "HEIC", 4);
        const Bytes with_numbers = heif_with(red_picture(), {}, format, display_p3);
        expect_pure_red(with_numbers, "by the numbers of its primaries", 4);
    }
    if (tried == 0) {
        GTEST_SKIP() << "this libheif encodes neither AVIF nor HEIC";
    }
}

TEST(PrepareColour, TransparencyStays) {
    cv::Mat picture(32, 32, CV_8UC4, cv::Scalar(35, 51, 234, 100));
    const Picture got = decode(png_with(picture, profile_chunk(p3())), "a.png");
    ASSERT_EQ(got.pixels.channels(), 4);
    const auto pixel = got.pixels.at<cv::Vec4b>(3, 3);
    EXPECT_NEAR(pixel[2], 255, 1);
    EXPECT_NEAR(pixel[1], 0, 1);
    EXPECT_EQ(pixel[3], 100);
}

TEST(PrepareColour, AProfileOfSrgbChangesNothing) {
    std::unique_ptr<void, cmsBool (*)(void*)> srgb(cmsCreate_sRGBProfile(), cmsCloseProfile);
    cmsUInt32Number size = 0;
    cmsSaveProfileToMem(srgb.get(), nullptr, &size);
    Bytes profile(size);
    cmsSaveProfileToMem(srgb.get(), profile.data(), &size);
    cv::Mat noise(64, 64, CV_8UC3);
    cv::randu(noise, 0, 256);
    const Picture got = decode(png_with(noise, profile_chunk(profile)), "a.png");
    EXPECT_EQ(cv::norm(got.pixels, noise, cv::NORM_INF), 0);
}

TEST(PrepareColour, AGrayProfileCounts) {
    const cmsCIExyY white = *cmsD50_xyY();
    cmsToneCurve* linear = cmsBuildGamma(nullptr, 1);
    std::unique_ptr<void, cmsBool (*)(void*)> gray(cmsCreateGrayProfile(&white, linear), cmsCloseProfile);
    cmsFreeToneCurve(linear);
    cmsUInt32Number size = 0;
    cmsSaveProfileToMem(gray.get(), nullptr, &size);
    Bytes profile(size);
    cmsSaveProfileToMem(gray.get(), profile.data(), &size);
    const Bytes file = png_with(cv::Mat(8, 8, CV_8UC1, cv::Scalar(55)), profile_chunk(profile));
    // 55 of 255 in linear light is 128 in sRGB's codes (12.92 ... 1.055 x^(1/2.4) - 0.055).
    EXPECT_NEAR(decode(file, "a.png").pixels.at<cv::Vec3b>(1, 1)[0], 128, 1);
    EXPECT_NEAR(io::decode_shown(file, "a.png", 1).pixels[0], 128, 1);
    EXPECT_EQ(io::decode_shown(file, "a.png", 1).channels, 1);
}

TEST(PrepareColour, DamagedProfilesAreNone) {
    Bytes broken = p3();
    broken.resize(broken.size() / 3);
    const cv::Vec3b kept(35, 51, 234);
    EXPECT_EQ(decode(png_with(red_picture(), profile_chunk(broken)), "a").pixels.at<cv::Vec3b>(1, 1), kept);
    const std::string bomb =
        test::png_chunk("iCCP", std::string("P3\0\0", 4) + test::packed(std::string(io::most_profile + 4096, '\0')));
    EXPECT_EQ(decode(png_with(red_picture(), bomb), "a").pixels.at<cv::Vec3b>(1, 1), kept);
    const std::string cut = test::png_chunk("iCCP", std::string("P3"));
    EXPECT_EQ(decode(png_with(red_picture(), cut), "a").pixels.at<cv::Vec3b>(1, 1), kept);
    const Bytes gray_for_colours = io::profile_of_primaries(1);
    EXPECT_TRUE(gray_for_colours.empty()) << "sRGB's own primaries need none";
}

// The eight ways to store one picture: all are trained on as they are seen.
TEST(PrepareColour, TheReportedTurnedPicturesAreOne) {
    const auto folder = test::reports_dir() / "44-exif-train";
    const io::Image8 first = io::decode_shown(bytes_in(folder / "0.jpg"), "0.jpg");
    for (int i = 1; i < 8; ++i) {
        const std::string name = std::to_string(i) + ".jpg";
        const io::Image8 turned = io::decode_shown(bytes_in(folder / name), name);
        ASSERT_EQ(turned.width, first.width);
        double sum = 0;
        for (std::size_t k = 0; k < first.pixels.size(); ++k) {
            sum += std::abs(int{first.pixels[k]} - int{turned.pixels[k]});
        }
        EXPECT_LT(sum / static_cast<double>(first.pixels.size()), 4) << name;
        const Picture prepared = decode(bytes_in(folder / name), name);
        EXPECT_LT(std::abs(int{prepared.pixels.at<cv::Vec3b>(2, 2)[2]} - int{turned.pixels[(2 * 32 + 2) * 3]}), 8)
            << name;
    }
}

} // namespace
} // namespace atelier::prepare
