// SPDX-License-Identifier: Apache-2.0
// Sharpness, exposure and likeness of pictures, what the limits make of them, and the advice on how to begin.
#include <bit>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "prepare/report.h"
#include "prepare/scores.h"
#include "prepare/verdict.h"

namespace atelier::prepare {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Hard-edged shapes of middling tones, 512 px a side.
cv::Mat shapes(int seed) {
    cv::RNG random(static_cast<std::uint64_t>(seed) + 77);
    cv::Mat image(512, 512, CV_8UC3, cv::Scalar(120, 130, 125));
    for (int i = 0; i < 60; ++i) {
        const cv::Scalar colour(random.uniform(40, 215), random.uniform(40, 215), random.uniform(40, 215));
        const cv::Point at(random.uniform(0, 512), random.uniform(0, 512));
        cv::ellipse(image, at, {random.uniform(8, 70), random.uniform(8, 70)}, random.uniform(0, 180), 0, 360, colour,
                    -1);
    }
    return image;
}

cv::Mat blurred(const cv::Mat& image, double sigma) {
    cv::Mat result;
    cv::GaussianBlur(image, result, {}, sigma);
    return result;
}

cv::Mat lit(const cv::Mat& image, double times, double more = 0) {
    cv::Mat result;
    image.convertTo(result, CV_8U, times, more);
    return result;
}

// As of a face that nothing else is wrong with.
Item item_of(const cv::Mat& image, const std::string& name, double source = 1000) {
    Item item;
    item.crop = 0;
    item.name = name;
    item.facts.scores.face = 2;
    item.facts.scores.source = source;
    measure(image, item.facts.scores);
    return item;
}

CutOptions faces() {
    CutOptions options;
    options.mode = Mode::faces;
    return options;
}

Item judged(const Item& item) {
    std::vector<Item> items{item};
    judge(items, faces(), default_thresholds(faces()), false);
    return items[0];
}

TEST(PrepareScores, SharpnessFallsWithEveryBlur) {
    for (const int seed : {1, 2, 3}) {
        const cv::Mat sharp = shapes(seed);
        double before = sharpness_of(sharp);
        EXPECT_GT(before, 0.6);
        EXPECT_LE(before, 1);
        for (const double sigma : {1.5, 3.0, 6.0}) {
            const double now = sharpness_of(blurred(sharp, sigma));
            EXPECT_LT(now, before - 0.05) << sigma;
            EXPECT_GE(now, 0);
            before = now;
        }
        EXPECT_LT(before, 0.25);
        for (const double sigma : {12.0, 24.0, 48.0})
            EXPECT_LT(sharpness_of(blurred(sharp, sigma)), before) << sigma;
    }
    EXPECT_EQ(sharpness_of(cv::Mat(512, 512, CV_8UC3, cv::Scalar(9, 99, 199))), 0) << "nothing in it is sharp";
}

TEST(PrepareScores, ABlurOneWayIsABlur) {
    cv::Mat shaken;
    cv::blur(shapes(1), shaken, {41, 1});
    EXPECT_LT(sharpness_of(shaken), 0.25);
}

TEST(PrepareScores, ExposureFallsTowardsBlackAndWhite) {
    const cv::Mat good = shapes(1);
    EXPECT_GT(exposure_of(good), 0.95);
    double before = exposure_of(lit(good, 0.6));
    for (const double times : {0.4, 0.25, 0.12, 0.04}) {
        const double now = exposure_of(lit(good, times));
        EXPECT_LT(now, before) << times;
        before = now;
    }
    EXPECT_LT(before, 0.1);
    before = exposure_of(lit(good, 1, 20));
    for (const double more : {60, 90, 120, 160}) {
        const double now = exposure_of(lit(good, 1.5, more));
        EXPECT_LT(now, before) << more;
        before = now;
    }
    EXPECT_LT(before, 0.1);
    // Half black, half white: the mean is right, and yet nothing is left of it.
    cv::Mat halves(512, 512, CV_8UC3, cv::Scalar::all(0));
    halves.colRange(0, 256).setTo(cv::Scalar::all(255));
    EXPECT_LT(exposure_of(halves), 0.02);
}

TEST(PrepareScores, LimitsDropAndSayWhatWasMeasured) {
    const cv::Mat good = shapes(1);
    EXPECT_TRUE(judged(item_of(good, "good")).kept) << judged(item_of(good, "good")).words;

    const Item soft = judged(item_of(blurred(good, 8), "soft"));
    EXPECT_FALSE(soft.kept);
    EXPECT_EQ(soft.reason, Reason::unsharp);
    EXPECT_EQ(soft.words, fmt::format("is not sharp ({:.2f}; at least 0.30 passes)", soft.facts.scores.sharpness));
    for (const Item& item : {judged(item_of(lit(good, 0.1), "dark")), judged(item_of(lit(good, 1.5, 110), "burnt"))}) {
        EXPECT_FALSE(item.kept) << item.name;
        EXPECT_EQ(item.reason, Reason::exposure);
        EXPECT_EQ(item.words, fmt::format("is too dark, too bright or burnt out ({:.2f}; at least 0.25 passes)",
                                          item.facts.scores.exposure));
    }
    EXPECT_STREQ(name_of(Reason::unsharp), "not sharp");
    EXPECT_STREQ(name_of(Reason::exposure), "badly exposed");

    // A plain picture passes: there nobody asked.
    std::vector<Item> items{item_of(blurred(good, 8), "soft"), item_of(lit(good, 0.1), "dark")};
    judge(items, {}, default_thresholds({}), false);
    EXPECT_TRUE(items[0].kept);
    EXPECT_TRUE(items[1].kept);
    Thresholds limits = default_thresholds({});
    limits.sharpness = items[0].facts.scores.sharpness; // what is just reached passes
    limits.exposure = items[1].facts.scores.exposure + 0.001;
    judge(items, {}, limits, false);
    EXPECT_TRUE(items[0].kept);
    EXPECT_EQ(items[1].reason, Reason::exposure);
}

TEST(PrepareScores, PitchAndRollDropInWords) {
    struct Case {
        double pitch, roll;
        const char* words;
    };
    for (const Case& one : {Case{0, 0, ""},
                            {30, 60, ""},
                            {35, 0, "looks 35° up; at most 30° pass"},
                            {-41.6, 0, "looks 42° down; at most 30° pass"},
                            {0, 70, "is tilted by 70°; at most 60° pass"},
                            {0, -90, "is tilted by 90°; at most 60° pass"},
                            {-30, -60, ""}}) {
        Item item = item_of(shapes(1), "x");
        item.facts.scores.pitch = one.pitch;
        item.facts.scores.roll = one.roll;
        item = judged(item);
        EXPECT_EQ(item.words, one.words);
        EXPECT_EQ(item.kept, *one.words == '\0') << one.pitch << ", " << one.roll;
        EXPECT_EQ(item.reason, *one.words == '\0' ? Reason::kept : Reason::turned);
    }
}

cv::Mat as_jpeg(const cv::Mat& image, int quality) {
    std::vector<std::uint8_t> bytes;
    cv::imencode(".jpg", image, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
    return cv::imdecode(bytes, cv::IMREAD_COLOR);
}

// The same in gray, as far as no colour is cut off.
cv::Mat other_colours(const cv::Mat& image) {
    cv::Mat codes, swapped, result;
    cv::cvtColor(image, codes, cv::COLOR_BGR2YCrCb);
    swapped.create(codes.size(), codes.type());
    cv::mixChannels(codes, swapped, {0, 0, 1, 2, 2, 1});
    cv::cvtColor(swapped, result, cv::COLOR_YCrCb2BGR);
    return result;
}

TEST(PrepareScores, OfAlikePicturesTheLargestIsKept) {
    const cv::Mat picture = lit(shapes(1), 0.5, 64);
    cv::Mat smaller;
    cv::resize(picture, smaller, {440, 440}, 0, 0, cv::INTER_AREA);
    cv::resize(smaller, smaller, {512, 512}, 0, 0, cv::INTER_CUBIC);
    std::vector<Item> items{item_of(smaller, "small", 440),     item_of(as_jpeg(picture, 60), "jpeg", 511),
                            item_of(picture, "large", 512),     item_of(other_colours(picture), "other colours", 300),
                            item_of(shapes(2), "another", 300), item_of(picture, "copy", 512)};
    const auto bits = [&](std::size_t i) {
        return std::popcount(items[i].facts.scores.hash ^ items[2].facts.scores.hash);
    };
    ASSERT_LE(bits(3), 6) << "else its colours show nothing";
    EXPECT_GT(bits(4), 12);
    judge(items, faces(), default_thresholds(faces()), false);
    std::vector<Reason> reasons;
    for (const Item& item : items) {
        reasons.push_back(item.reason);
    }
    EXPECT_THAT(reasons, ElementsAre(Reason::near_duplicate, Reason::near_duplicate, Reason::kept, Reason::kept,
                                     Reason::kept, Reason::duplicate));
    EXPECT_EQ(items[0].words, "is nearly the same picture as large");
    EXPECT_EQ(items[1].words, "is nearly the same picture as large");
    EXPECT_EQ(items[5].words, "is the same picture as large");
    items[0].request = Override::keep; // by hand: now it stands for the others
    judge(items, faces(), default_thresholds(faces()), false);
    EXPECT_TRUE(items[0].kept);
    EXPECT_EQ(items[2].words, "is nearly the same picture as small");
}

TEST(PrepareAdvice, FollowsTheNumberOfPictures) {
    EXPECT_THAT(advice(55, faces()),
                AllOf(HasSubstr("55 pictures: start from a model of faces"), HasSubstr("mirror"), HasSubstr("(x)"),
                      HasSubstr("bgc"), HasSubstr("Freeze-D 4"), HasSubstr("200 to 1000 kimg"), HasSubstr("Expect")));
    EXPECT_THAT(advice(55, {}), AllOf(HasSubstr("a model of something alike"), Not(HasSubstr("faces"))));
    EXPECT_THAT(advice(1, {}), HasSubstr("A single picture is too little"));
    EXPECT_THAT(advice(19, {}), HasSubstr("very few"));
    EXPECT_THAT(advice(20, {}), HasSubstr("Freeze-D 4"));
    EXPECT_THAT(advice(500, {}), AllOf(HasSubstr("1000 to 3000 kimg"), Not(HasSubstr("Freeze-D"))));
    EXPECT_THAT(advice(5000, {}), HasSubstr("are enough"));
}

} // namespace
} // namespace atelier::prepare
