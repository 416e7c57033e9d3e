// SPDX-License-Identifier: Apache-2.0
// What atelier dataset prepare takes, and that each option of how pictures are cut changes what it should.
#include <gmock/gmock.h>

#include "cli/dataset_fixture.h"
#include "io/zip_writer.h"
#include "media/video_writer.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;
using test::MadeSet;
using test::ProgramEnd;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class DatasetInputs : public test::DatasetProgram {
protected:
    // Seconds of video, each of its own gray.
    void put_video(const std::string& name, int seconds) const {
        media::VideoOptions options;
        options.path = in_folder(name);
        options.codec = media::Codec::ffv1;
        options.fps = 10;
        options.width = options.height = 128;
        media::VideoWriter writer(options);
        for (int i = 0; i < seconds * 10; ++i) {
            writer.add(test::numbered_picture(128, i / 10));
        }
        writer.finish();
    }
    // The one picture of the set that comes of in.png.
    cv::Mat cut(const std::vector<std::string>& more) const {
        std::vector<std::string> words{"--plain", "--size", "64"};
        words.insert(words.end(), more.begin(), more.end());
        const ProgramEnd run = prepare({"in.png"}, "set.zip", words);
        EXPECT_EQ(run.exit_code, 0) << run.err;
        const MadeSet set = test::made_set(in_folder("set.zip"));
        EXPECT_EQ(set.pictures.size(), 1U);
        return set.pictures.empty() ? cv::Mat(64, 64, CV_8UC3) : set.pictures[0];
    }
};

// Of 64 px a side already, so that the set must hold them as they are.
TEST_F(DatasetInputs, ZipsPicturesFoldersAndVideosGoIntoOneSet) {
    std::vector<cv::Mat> want;
    for (int i = 0; i < 7; ++i) {
        want.push_back(test::pattern(64, 64, i));
    }
    {
        io::ZipWriter zip(in_folder("z.zip"));
        zip.add("sub/0.png", test::encoded(".png", want[0]));
        zip.add("1.bmp", test::encoded(".bmp", want[1]));
        zip.add("readme.txt", test::bytes_of("no picture"));
        zip.finish();
    }
    put("single", test::encoded(".png", want[2])); // named by itself it needs no extension
    put("A/3.png", want[3]);
    put("A/deep/er/4.tiff", want[4]);
    put("B/3.png", want[5]); // the name again
    {
        io::ZipWriter zip(in_folder("B/inner.zip"));
        zip.add("6.png", test::encoded(".png", want[6]));
        zip.finish();
    }
    put_video("film.mkv", 3);
    const ProgramEnd run = prepare({"z.zip", "single", "A", "B", "film.mkv"}, "set.zip", {"--plain", "--size", "64"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const MadeSet set = test::made_set(in_folder("set.zip"));
    ASSERT_THAT(set.sources(),
                ElementsAre("z.zip/1.bmp", "z.zip/sub/0.png", "single", "A/3.png", "A/deep/er/4.tiff", "B/3.png",
                            "B/inner.zip/6.png", "film.mkv at 0.00 s", "film.mkv at 1.00 s", "film.mkv at 2.00 s"));
    ASSERT_EQ(set.pictures.size(), 10U);
    std::swap(want[0], want[1]); // by name in the zip
    for (std::size_t i = 0; i < want.size(); ++i) {
        EXPECT_EQ(test::mean_difference(set.pictures[i], want[i]), 0) << i;
    }
    for (int i = 0; i < 3; ++i) {
        const cv::Vec3b pixel = set.pictures[static_cast<std::size_t>(7 + i)].at<cv::Vec3b>(32, 32);
        EXPECT_EQ(test::number_of({pixel[0], pixel[1], pixel[2]}), i);
    }
    EXPECT_THAT(test::bytes_in(in_folder("set-report.html")), HasSubstr("Files that are no pictures: "))
        << "the text is told of";
}

TEST_F(DatasetInputs, WhatCannotBeReadIsNamedAndStopsNothing) {
    put("in/good.png", test::pattern(64, 64, 1));
    put("in/broken.jpg", test::bytes_of("no picture"));
    put("in/cut.png", [] {
        test::ImageBytes bytes = test::encoded(".png", test::pattern(64, 64, 2));
        bytes.resize(bytes.size() / 2);
        return bytes;
    }());
    put("in/drawing.jxl", test::bytes_of("whatever"));
    put("in/film.mp4", test::bytes_of("no video"));
    const ProgramEnd run = prepare({"in"}, "set.zip", {"--plain", "--size", "64"});
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_THAT(run.err, AllOf(HasSubstr("broken.jpg: is no PNG"), HasSubstr("cut.png: "), HasSubstr("film.mp4: ")));
    EXPECT_THAT(run.err, HasSubstr("drawing.jxl: is a picture of a kind that isn't read"));
    EXPECT_THAT(run.err, AllOf(HasSubstr("1 of 5 pictures"), HasSubstr("4 unreadable"), Not(HasSubstr("good.png"))));
    EXPECT_THAT(test::made_set(in_folder("set.zip")).sources(), ElementsAre("good.png"));
}

// One bright column in the dark, halved.
TEST_F(DatasetInputs, FilterAndLightDecideWhatALineBecomes) {
    cv::Mat line(128, 128, CV_8UC3, cv::Scalar::all(0));
    line.col(64).setTo(cv::Scalar::all(255));
    put("in.png", line);
    const auto row = [&](const std::vector<std::string>& more) {
        const cv::Mat made = cut(more);
        std::vector<int> values;
        for (int x = 30; x < 36; ++x) {
            values.push_back(made.at<cv::Vec3b>(20, x)[1]);
        }
        return values;
    };
    EXPECT_THAT(row({"--filter", "area"}), ElementsAre(0, 0, 188, 0, 0, 0)) << "sRGB's code of half the light";
    EXPECT_THAT(row({"--filter", "area", "--light", "srgb"}), ElementsAre(0, 0, 128, 0, 0, 0));
    // Lanczos at a quarter and three quarters of an output pixel: it has negative lobes, which darkness cuts off.
    const std::vector<int> usual = row({});
    EXPECT_GT(usual[1], 60);
    EXPECT_GT(usual[2], usual[1]);
    EXPECT_NE(row({"--light", "srgb"}), usual);
}

// 64 x 32 px: beside the picture's own 32 rows, 16 above and below are filled; nothing is scaled.
TEST_F(DatasetInputs, FillDecidesWhatPadsAPicture) {
    cv::Mat noise(32, 64, CV_8UC3);
    cv::RNG(5).fill(noise, cv::RNG::UNIFORM, 0, 255);
    put("in.png", noise);
    const auto padded = [&](const std::vector<std::string>& more) {
        std::vector<std::string> words{"--fit", "pad"};
        words.insert(words.end(), more.begin(), more.end());
        cv::Mat made = cut(words);
        EXPECT_EQ(test::mean_difference(made.rowRange(16, 48), noise), 0);
        return made;
    };
    const cv::Mat ground(16, 64, CV_8UC3, cv::Scalar(0x30, 0x20, 0x10));
    const cv::Mat colour = padded({"--background", "#102030"});
    EXPECT_EQ(test::mean_difference(colour.rowRange(0, 16), ground), 0);
    EXPECT_EQ(test::mean_difference(colour.rowRange(48, 64), ground), 0);
    const cv::Mat edge = padded({"--fill", "edge"}), mirror = padded({"--fill", "reflect"});
    for (int i = 0; i < 16; ++i) {
        EXPECT_EQ(test::mean_difference(edge.row(15 - i), noise.row(0)), 0) << i;
        EXPECT_EQ(test::mean_difference(edge.row(48 + i), noise.row(31)), 0) << i;
        EXPECT_EQ(test::mean_difference(mirror.row(15 - i), noise.row(1 + i)), 0) << i;
        EXPECT_EQ(test::mean_difference(mirror.row(48 + i), noise.row(30 - i)), 0) << i;
    }
}

// A quarter of green, one of red, two of blue.
TEST_F(DatasetInputs, FitDecidesHowMuchIsSeen) {
    cv::Mat bands(64, 128, CV_8UC3, cv::Scalar(255, 0, 0));
    bands.colRange(0, 32).setTo(cv::Scalar(0, 255, 0));
    bands.colRange(32, 64).setTo(cv::Scalar(0, 0, 255));
    put("in.png", bands);
    const auto colours = [&](const std::string& fit) {
        const cv::Mat made = cut({"--fit", fit, "--background", "#ffffff"});
        std::string seen;
        for (const cv::Point at : {cv::Point(3, 32), cv::Point(24, 32), cv::Point(60, 32), cv::Point(24, 3)}) {
            const auto p = made.at<cv::Vec3b>(at);
            seen += p == cv::Vec3b(255, 255, 255) ? 'w' : "bgr"[std::max_element(&p[0], &p[0] + 3) - &p[0]];
        }
        return seen;
    };
    EXPECT_EQ(colours("stretch"), "grbr");
    EXPECT_EQ(colours("pad"), "grbw");
    EXPECT_EQ(colours("crop"), "rrbr");
}

TEST_F(DatasetInputs, NearDuplicatesGoIfAskedAndTheLargestStays) {
    cv::Mat picture, smaller, codes, other;
    test::pattern(300, 300, 1).convertTo(picture, CV_8U, 0.5, 64); // so that no colour is cut off below
    cv::resize(picture, smaller, {280, 280}, 0, 0, cv::INTER_AREA);
    cv::cvtColor(picture, codes, cv::COLOR_BGR2YCrCb);
    other.create(codes.size(), codes.type());
    cv::mixChannels(codes, other, {0, 0, 1, 2, 2, 1}); // the same in gray
    cv::cvtColor(other, other, cv::COLOR_YCrCb2BGR);
    put("in/a.jpg", test::encoded(".jpg", smaller, {cv::IMWRITE_JPEG_QUALITY, 60}));
    put("in/b.png", picture);
    put("in/c.jpg", test::encoded(".jpg", picture, {cv::IMWRITE_JPEG_QUALITY, 80}));
    put("in/d.png", other);
    put("in/e.png", test::pattern(300, 300, 2));
    ASSERT_EQ(prepare({"in"}, "all.zip", {"--plain", "--size", "64"}).exit_code, 0);
    EXPECT_EQ(test::made_set(in_folder("all.zip")).pictures.size(), 5U);
    const ProgramEnd run = prepare({"in"}, "set.zip", {"--plain", "--size", "64", "--near", "6"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_THAT(run.err, HasSubstr("2 near-duplicate"));
    EXPECT_THAT(test::made_set(in_folder("set.zip")).sources(), ElementsAre("b.png", "d.png", "e.png"));
    EXPECT_EQ(test::times_in(test::bytes_in(in_folder("set-report.html")), "is nearly the same picture as b.png"), 2U);
}

TEST_F(DatasetInputs, WorkIsKeptAndTheReportWrittenWhereItIsSaid) {
    put("in/large.png", test::pattern(200, 200, 1));
    put("in/small.png", test::pattern(100, 100, 2));
    fs::create_directories(in_folder("pages"));
    const std::vector<std::string> words{"--plain", "--size", "64", "--keep-work", "--report", path("pages/why.html")};
    ASSERT_EQ(prepare({"in"}, "set.zip", words).exit_code, 0);
    EXPECT_TRUE(fs::is_directory(in_folder("set.zip.work")));
    EXPECT_FALSE(fs::exists(in_folder("set-report.html")));
    EXPECT_THAT(test::bytes_in(in_folder("pages/why.html")), HasSubstr("2 of 2 pictures kept"));
    std::vector<std::string> stricter = words;
    stricter.insert(stricter.end(), {"--min-source", "150"});
    const ProgramEnd again = prepare({"in"}, "set.zip", stricter);
    ASSERT_EQ(again.exit_code, 0) << again.err;
    EXPECT_THAT(again.err, HasSubstr("Looked at 2 pictures, 2 of them in an earlier run."));
    EXPECT_THAT(test::made_set(in_folder("set.zip")).sources(), ElementsAre("large.png"));
    EXPECT_THAT(test::bytes_in(in_folder("pages/why.html")), HasSubstr("1 of 2 pictures kept"));
}

} // namespace
} // namespace atelier
