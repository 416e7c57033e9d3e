// SPDX-License-Identifier: Apache-2.0
// Faces in a photo: found, aligned as for FFHQ and judged, however the photo is turned, scaled, shifted or covered.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <numbers>
#include <optional>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "prepare/align.h"
#include "prepare/decode.h"
#include "prepare/face_frame.h"
#include "prepare/faces.h"
#include "prepare/verdict.h"
#include "support/paths.h"

namespace atelier::prepare {
namespace {

constexpr int size = 512;

// The only face of the photo, looked for once.
struct Photo {
    Picture picture;
    std::vector<Face> faces;
};

const Photo* photo() {
    static const std::optional<Photo> read = []() -> std::optional<Photo> {
        const auto path = test::own_data_dir() / "data" / "photos" / "astronaut.png";
        const cv::Mat pixels = cv::imread(path.string(), cv::IMREAD_COLOR);
        if (pixels.empty() || !std::filesystem::exists("/usr/share/dlib/shape_predictor_68_face_landmarks.dat")) {
            return std::nullopt;
        }
        Photo made{{pixels, false}, {}};
        made.faces = FaceFinder().find(made.picture);
        return made;
    }();
    return read ? &*read : nullptr;
}

class PhotoTest : public testing::Test {
protected:
    void SetUp() override {
        if (photo() == nullptr) {
            GTEST_SKIP() << "no photo, or no landmark model (libdlib-data)";
        }
#ifdef __SANITIZE_THREAD__
        // A single thread works here, and dlib takes half an hour when its every access is watched.
        const std::string name = ::testing::UnitTest::GetInstance()->current_test_info()->name();
        if (name != "ItsFaceIsAlignedByTheTemplate")
            GTEST_SKIP() << "one case is enough for the thread checks";
#endif
        ASSERT_EQ(photo()->faces.size(), 1U);
    }
    FaceFinder finder_;
};

// Where a place of the picture comes to lie in the aligned square, in px of `size`.
Point in_square(const std::array<Point, 4>& square, Point p) {
    const double side = std::hypot(square[1].x - square[0].x, square[1].y - square[0].y);
    const double ux = (square[1].x - square[0].x) / side, uy = (square[1].y - square[0].y) / side;
    const double dx = p.x - square[0].x, dy = p.y - square[0].y;
    return {(dx * ux + dy * uy) / side * size, (-dx * uy + dy * ux) / side * size};
}

struct Features {
    Point left_eye, right_eye, mouth;
};

Features features_of(const std::vector<Point>& landmarks) {
    const FaceAxes axes = axes_of(landmarks);
    return {{axes.left_eye.x, axes.left_eye.y}, {axes.right_eye.x, axes.right_eye.y}, {axes.mouth.x, axes.mouth.y}};
}

// FFHQ's published rule for an upright face with these distances: eyes level, the nearer of a quarter of the side for
// the eyes' distance and 1/3.6 for the mouth's, the centre a tenth of the way below the eyes.
Features ffhq_template(double eyes, double mouth) {
    const double side = 2 * std::max(2 * eyes, 1.8 * mouth), e = eyes / side * size, m = mouth / side * size;
    const double y = size / 2.0 - 0.1 * m;
    return {{size / 2.0 - e / 2, y}, {size / 2.0 + e / 2, y}, {size / 2.0, y + m}};
}

double apart(Point a, Point b) {
    return std::hypot(a.x - b.x, a.y - b.y);
}

// The photo's true eyes and mouth, moved by `map`, as they lie in the square of a face found in the moved photo.
double error_of(const Face& found, const cv::Matx23d& map, const Features& want) {
    const Features truth = features_of(photo()->faces[0].landmarks);
    const auto square = aligned_square(found.landmarks);
    return std::max({apart(in_square(square, apply(map, truth.left_eye)), want.left_eye),
                     apart(in_square(square, apply(map, truth.right_eye)), want.right_eye),
                     apart(in_square(square, apply(map, truth.mouth)), want.mouth)});
}

Features photo_template() {
    const FaceAxes axes = axes_of(photo()->faces[0].landmarks);
    return ffhq_template(cv::norm(axes.eye_to_eye), cv::norm(axes.eyes_to_mouth));
}

cv::Matx23d moved(double degrees, double scale, double shift_x, double shift_y) {
    cv::Matx23d map = cv::getRotationMatrix2D({255.5F, 255.5F}, degrees, scale);
    map(0, 2) += 255.5 * (scale - 1) + shift_x;
    map(1, 2) += 255.5 * (scale - 1) + shift_y;
    return map;
}

Picture warped(const Picture& from, const cv::Matx23d& map, int width, int height) {
    Picture result;
    const double scale = std::hypot(map(0, 0), map(1, 0));
    cv::Mat soft = from.pixels.clone();
    if (scale < 1) {
        cv::GaussianBlur(from.pixels, soft, {}, 0.45 / scale); // against aliasing
    }
    cv::warpAffine(soft, result.pixels, map, {width, height}, cv::INTER_CUBIC, cv::BORDER_REFLECT_101);
    return result;
}

std::string say(const Scores& s) {
    return fmt::format(
        "face {:.2f} yaw {:.1f} pitch {:.1f} roll {:.1f} eyes {:.2f} mouth {:.2f} skin {:.2f} fit {:.2f}", s.face,
        s.yaw, s.pitch, s.roll, s.eyes, s.mouth, s.skin, s.fit);
}

TEST_F(PhotoTest, ItsFaceIsAlignedByTheTemplate) {
    const Face& face = photo()->faces[0];
    EXPECT_LT(error_of(face, {1, 0, 0, 0, 1, 0}, photo_template()), 2);
    // Independently of our own landmarks: pupils and mouth corners read off the photo by eye.
    const auto square = aligned_square(face.landmarks);
    const Features want = photo_template();
    const Point left = in_square(square, {203, 103}), right = in_square(square, {246, 104});
    const Point mouth = in_square(square, {223, 140});
    EXPECT_LT(apart(left, want.left_eye), 8);
    EXPECT_LT(apart(right, want.right_eye), 8);
    EXPECT_LT(apart(mouth, want.mouth), 12);
    EXPECT_GT(face.scores.face, 1);
    EXPECT_LT(std::abs(face.scores.yaw), 15);
}

TEST_F(PhotoTest, TurnedScaledAndShiftedItIsAlignedTheSame) {
    double worst = 0;
    for (const double scale : {0.4, 0.7, 1.0, 2.0}) {
        for (const double degrees : {-30.0, -15.0, 0.0, 12.0, 30.0}) {
            const cv::Matx23d map = moved(degrees, scale, 7.3 * scale, 11.6 * scale);
            const int side = static_cast<int>(512 * scale);
            const std::vector<Face> faces = finder_.find(warped(photo()->picture, map, side, side));
            double nearest = 1e9;
            for (const Face& face : faces) {
                nearest = std::min(nearest, error_of(face, map, photo_template()));
            }
            EXPECT_LT(nearest, 2) << "scale " << scale << ", " << degrees << " degrees";
            worst = std::max(worst, nearest);
        }
    }
    RecordProperty("worst_px", std::to_string(worst));
}

// What judge() says of the face nearest to the photo's.
Item judged(const std::vector<Face>& faces, const Thresholds& limits, const CutOptions& options) {
    std::vector<Item> items(1);
    Item& item = items[0];
    double nearest = 30; // px
    const Point nose = photo()->faces[0].landmarks[30];
    for (const Face& face : faces) {
        if (const double far = apart(face.landmarks[30], nose); far < nearest) {
            nearest = far;
            item.crop = 0;
            item.facts.scores = face.scores;
        }
    }
    judge(items, options, limits, false);
    return item;
}

TEST_F(PhotoTest, CoveredEyesOrMouthDropItAndAreNamed) {
    CutOptions options;
    options.mode = Mode::faces;
    Thresholds limits = default_thresholds(options);
    limits.source = limits.sharpness = limits.exposure = 0;
    const Item bare = judged(photo()->faces, limits, options);
    EXPECT_TRUE(bare.kept) << bare.words << "; " << say(photo()->faces[0].scores);
    const FaceAxes axes = axes_of(photo()->faces[0].landmarks);
    for (const int level : {0, 60, 128, 200, 255}) {
        for (const bool eyes : {true, false}) {
            Picture covered{photo()->picture.pixels.clone(), false};
            const cv::Point2d middle = eyes ? axes.eyes : axes.mouth;
            const cv::Rect bar(static_cast<int>(middle.x) - (eyes ? 43 : 30),
                               static_cast<int>(middle.y) - (eyes ? 14 : 15), eyes ? 86 : 60, eyes ? 28 : 30);
            cv::rectangle(covered.pixels, bar, cv::Scalar(level, level, level), -1);
            const std::vector<Face> faces = finder_.find(covered);
            const Item item = judged(faces, limits, options);
            if (eyes && level == 255 && item.crop < 0) {
                continue; // the hard edges of a white bar hide the face from the detector: dropped as "no face"
            }
            EXPECT_EQ(item.reason, Reason::covered) << level << ", " << faces.size() << " faces";
            EXPECT_THAT(item.words, testing::HasSubstr(eyes ? "the eyes" : "the mouth"))
                << level << ": " << say(item.facts.scores);
        }
    }
}

TEST_F(PhotoTest, GrayDeepTurnedByExifAndHugeVersionsAreAlignedTheSame) {
    const cv::Mat& image = photo()->picture.pixels;
    cv::Mat gray, deep, stored;
    cv::cvtColor(image, gray, cv::COLOR_BGR2GRAY);
    image.convertTo(deep, CV_16UC3, 257);
    cv::rotate(image, stored, cv::ROTATE_90_COUNTERCLOCKWISE); // the camera lay on its side: orientation 6
    std::map<std::string, std::vector<std::uint8_t>> files;
    cv::imencode(".png", gray, files["gray"]);
    cv::imencode(".png", deep, files["16 bits"]);
    cv::imencode(".jpg", stored, files["turned"], {cv::IMWRITE_JPEG_QUALITY, 98});
    const std::vector<std::uint8_t> exif{0xFF, 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
                                         0,    1,    1, 18, 0,   3,   0,   0,   0, 1, 0,   6,   0, 0,  0, 0, 0, 0};
    files["turned"].insert(files["turned"].begin() + 2, exif.begin(), exif.end());
    for (const auto& [name, bytes] : files) {
        const std::vector<Face> faces = finder_.find(decode(bytes, name));
        ASSERT_EQ(faces.size(), 1U) << name;
        EXPECT_LT(error_of(faces[0], {1, 0, 0, 0, 1, 0}, photo_template()), 2) << name;
    }
    constexpr double times = 12000.0 / 512;
    Picture huge;
    cv::resize(image, huge.pixels, {12000, 12000}, 0, 0, cv::INTER_CUBIC);
    const std::vector<Face> faces = finder_.find(huge);
    const double shift = (times - 1) / 2; // between the middles of pixels
    const auto error = [&](const Face& face) {
        return error_of(face, {times, 0, shift, 0, times, shift}, photo_template());
    };
    const auto nearest = std::ranges::min_element(faces, {}, error); // the detector also believes in a sleeve
    ASSERT_NE(nearest, faces.end());
    EXPECT_LT(error(*nearest), 2);
    const cv::Mat crop = cut_square(huge, aligned_square(nearest->landmarks), {});
    const cv::Mat usual = cut_square(photo()->picture, aligned_square(photo()->faces[0].landmarks), {});
    EXPECT_LT(cv::norm(crop, usual, cv::NORM_L1) / static_cast<double>(crop.total() * 3), 6); // levels
}

TEST_F(PhotoTest, SeveralCopiesInOneLargePictureAreAllCut) {
    Picture large{cv::Mat(1500, 2000, CV_8UC3, cv::Scalar(90, 120, 140)), false};
    std::vector<cv::Matx23d> maps;
    for (const auto& [degrees, scale, x, y] : std::vector<std::array<double, 4>>{
             {0, 1.0, 0, 0}, {20, 1.2, 600, 300}, {-25, 1.1, 1300, 700}, {8, 1.4, 60, 760}}) {
        maps.push_back(moved(degrees, scale, x, y));
        cv::Mat placed = warped(photo()->picture, maps.back(), 2000, 1500).pixels;
        cv::Mat mask(512, 512, CV_8U, cv::Scalar(255)), where;
        cv::warpAffine(mask, where, maps.back(), {2000, 1500}, cv::INTER_NEAREST);
        placed.copyTo(large.pixels, where);
    }
    const std::vector<Face> faces = finder_.find(large);
    for (const cv::Matx23d& map : maps) {
        double nearest = 1e9;
        for (const Face& face : faces) {
            nearest = std::min(nearest, error_of(face, map, photo_template()));
        }
        EXPECT_LT(nearest, 2) << faces.size() << " faces";
    }
}

// The badge on the suit has something of a face, too.
TEST_F(PhotoTest, WhatIsHardlyAFaceIsLeftOut) {
    CutOptions options;
    options.mode = Mode::faces;
    options.size = 256;
    Thresholds limits = default_thresholds(options);
    limits.near = -1;
    const cv::Mat& image = photo()->picture.pixels;
    int found = 0, pairs = 0;
    for (const int degrees : {-15, -10, 10}) {
        for (const int quality : {65, 85}) {
            cv::Mat turned, pair;
            cv::warpAffine(image, turned, cv::getRotationMatrix2D({255.5F, 255.5F}, degrees, 1), image.size(),
                           cv::INTER_NEAREST);
            cv::hconcat(image, turned, pair);
            std::vector<std::uint8_t> file;
            cv::imencode(".jpg", pair, file, {cv::IMWRITE_JPEG_QUALITY, quality});
            int kept = 0;
            for (const Face& face : finder_.find(decode(file, "pair"))) {
                std::vector<Item> items(1);
                items[0].crop = 0;
                items[0].facts.scores = face.scores;
                items[0].facts.scores.source = 172;
                items[0].facts.scores.sharpness = items[0].facts.scores.exposure = 1;
                judge(items, options, limits, false);
                kept += items[0].kept ? 1 : 0;
                ++found;
            }
            EXPECT_EQ(kept, 2) << degrees << ", quality " << quality;
            ++pairs;
        }
    }
    EXPECT_GT(found, 2 * pairs) << "else this shows nothing";
}

TEST_F(PhotoTest, AFaceLyingOnItsSideOrUpsideDownIsFoundOnTurnedCopies) {
    for (const double degrees : {90.0, 180.0, -60.0}) {
        const cv::Matx23d map = moved(degrees, 1, 0, 0);
        const std::vector<Face> faces = finder_.find(warped(photo()->picture, map, 512, 512));
        ASSERT_FALSE(faces.empty()) << degrees;
        double nearest = 1e9;
        for (const Face& face : faces) {
            nearest = std::min(nearest, error_of(face, map, photo_template()));
        }
        EXPECT_LT(nearest, 2) << degrees;
    }
}

} // namespace
} // namespace atelier::prepare
