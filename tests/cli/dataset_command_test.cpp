// SPDX-License-Identifier: Apache-2.0
// atelier dataset, run as a program: sets that the trainer reads, stopping and going on, and what is refused.
#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "io/image.h"
#include "io/zip_file.h"
#include "media/video_frames.h"
#include "media/video_writer.h"
#include "support/media_fixture.h"
#include "support/program.h"
#include "train/dataset.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;
using test::ProgramEnd;
using testing::HasSubstr;

class DatasetCommand : public test::MediaTest {
protected:
    void SetUp() override {
        if (test::program().empty()) {
            GTEST_SKIP() << "needs the atelier program (ATELIER_PROGRAM)";
        }
    }
    std::string path(const std::string& name) const { return in_folder(name).string(); }

    void put_picture(const std::string& name, int width, int height, int seed) const {
        fs::create_directories(in_folder(name).parent_path());
        cv::RNG random(static_cast<std::uint64_t>(seed) + 1);
        cv::Mat small(9, 9, CV_8UC3), image;
        random.fill(small, cv::RNG::UNIFORM, 0, 255);
        cv::resize(small, image, {width, height}, 0, 0, cv::INTER_CUBIC);
        cv::imwrite(path(name), image);
    }

    static ProgramEnd dataset(std::vector<std::string> arguments, const test::ProgramSettings& settings = {}) {
        arguments.insert(arguments.begin(), "dataset");
        return test::run_program(std::move(arguments), settings);
    }
};

TEST_F(DatasetCommand, TheTrainerReadsExactlyWhatTheSetHolds) {
    for (int i = 0; i < 6; ++i) {
        put_picture(fmt::format("in/{}/{}.png", i < 2 ? "cats" : "birds", i), 100 + i, 140, i);
    }
    put_picture("in/loose.png", 100, 100, 9); // no subfolder, no label
    const ProgramEnd run =
        dataset({"prepare", path("in"), "--out", path("set.zip"), "--plain", "--size", "64", "--labels"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_THAT(run.err, HasSubstr("6 of 7 pictures"));
    EXPECT_FALSE(fs::exists(in_folder("set.zip.work")));
    EXPECT_THAT(test::bytes_in(in_folder("set-report.html")), HasSubstr("lies in no subfolder"));

    const train::Dataset set(in_folder("set.zip"), {.use_labels = true});
    ASSERT_EQ(set.size(), 6);
    EXPECT_EQ(set.resolution(), 64);
    EXPECT_EQ(set.label_dim(), 2);
    const io::ZipFile zip(in_folder("set.zip"));
    for (int i = 0; i < 6; ++i) {
        const std::string name = set.names()[static_cast<std::size_t>(i)];
        const auto bytes = zip.extract(name, 1U << 20);
        const cv::Mat stored = cv::imdecode(bytes, cv::IMREAD_COLOR); // another decoder than the trainer's
        std::vector<std::uint8_t> planes(3 * 64 * 64);
        set.copy_image(i, planes.data());
        for (int c = 0; c < 3; ++c) {
            for (int at = 0; at < 64 * 64; ++at) {
                ASSERT_EQ(planes[static_cast<std::size_t>(c * 64 * 64 + at)],
                          stored.at<cv::Vec3b>(at / 64, at % 64)[2 - c]);
            }
        }
        float label[2];
        set.copy_label(i, label);
        EXPECT_EQ(label[0], i < 4 ? 1 : 0) << "birds come first by name";
    }
    const ProgramEnd check = dataset({"check", path("set.zip")});
    EXPECT_EQ(check.exit_code, 0) << check.err;
    EXPECT_THAT(check.out, HasSubstr("6 pictures of 64 x 64 px, in colour\nlabels: 6 pictures in 2 classes\n"));
}

TEST_F(DatasetCommand, ARatioIsWrittenIntoTheSetAndAFolderWorksToo) {
    put_picture("in/a.png", 300, 200, 1);
    put_picture("in/b.jpg", 200, 300, 2);
    const ProgramEnd run =
        dataset({"prepare", path("in"), "--out", path("set"), "--plain", "--size", "128", "--ratio", "5:4"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const auto json = nlohmann::json::parse(test::bytes_in(in_folder("set") / "dataset.json"));
    EXPECT_EQ(json["atelier"]["ratio"], nlohmann::json({5, 4}));
    EXPECT_TRUE(json["labels"].is_null());
    EXPECT_EQ(train::Dataset(in_folder("set"), {}).size(), 2);
    EXPECT_THAT(dataset({"check", path("set")}).out, HasSubstr("shown at 5:4"));
}

TEST_F(DatasetCommand, VideosGiveAPictureEverySoOften) {
    media::VideoOptions options;
    options.path = in_folder("in.mkv");
    options.codec = media::Codec::ffv1;
    options.fps = 10;
    options.width = options.height = 128;
    media::VideoWriter writer(options);
    for (int i = 0; i < 100; ++i) {
        writer.add(test::numbered_picture(128, i / 10));
    }
    writer.finish();
    media::VideoFrames frames(options.path);
    EXPECT_NEAR(frames.seconds(), 10, 0.2);
    for (const double second : {0.0, 1.0, 2.0, 8.5, 3.0, 9.0}) { // on, far on, back
        const media::VideoPicture picture = frames.at(second);
        EXPECT_EQ(test::number_of(picture.pixels), static_cast<int>(second)) << second;
    }
    const ProgramEnd run =
        dataset({"prepare", path("in.mkv"), "--out", path("set.zip"), "--plain", "--size", "64", "--every", "2"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(train::Dataset(in_folder("set.zip"), {}).size(), 5);
}

TEST_F(DatasetCommand, StoppedItLeavesNoSetAndGoesOnLater) {
    for (int i = 0; i < 400; ++i) {
        put_picture(fmt::format("in/{:03}.png", i), 400, 400, i);
    }
    const std::vector<std::string> command{"prepare", path("in"),  "--out", path("set.zip"), "--plain", "--size",
                                           "256",     "--threads", "1"};
    test::ProgramSettings stop;
    stop.interrupt_after = "Preparing: ";
    const ProgramEnd first = dataset(command, stop);
    EXPECT_EQ(first.exit_code, 0) << first.err;
    EXPECT_THAT(first.err, HasSubstr("Stopped after"));
    EXPECT_FALSE(fs::exists(in_folder("set.zip")));
    const ProgramEnd second = dataset(command);
    EXPECT_EQ(second.exit_code, 0) << second.err;
    EXPECT_THAT(second.err, HasSubstr("of them in an earlier run"));
    const std::vector<std::string> names = files();
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()),
              (std::set<std::string>{"in", "set.zip", "set-report.html"}));
}

TEST_F(DatasetCommand, APersonOverrulesTheLimits) {
    put_picture("in/a.png", 30, 30, 1);
    put_picture("in/b.png", 300, 300, 2);
    put_picture("in/c.png", 300, 300, 3);
    const ProgramEnd run = dataset({"prepare", path("in"), "--out", path("set.zip"), "--plain", "--size", "64",
                                    "--keep", "a.png", "--drop", "c.png"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_THAT(run.err, HasSubstr("2 of 3 pictures, 64 x 64 px; left out: 1 dropped by hand"));
    const ProgramEnd wrong =
        dataset({"prepare", path("in"), "--out", path("x.zip"), "--plain", "--keep", "nobody.png"});
    EXPECT_EQ(wrong.exit_code, 2);
    EXPECT_THAT(wrong.err, HasSubstr("there is no such picture"));
}

TEST_F(DatasetCommand, TheDoctorNamesEachTrouble) {
    put_picture("set/a.png", 64, 64, 1);
    put_picture("set/b.png", 64, 64, 2);
    fs::copy_file(in_folder("set/b.png"), in_folder("set/c.png"));
    put_picture("set/large.png", 128, 128, 3);
    put_picture("set/wide.png", 64, 32, 4);
    test::put_bytes(in_folder("set/broken.png"), test::bytes_of("no picture"));
    const ProgramEnd run = dataset({"check", path("set")});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.out, HasSubstr("error: large.png: is 128 px a side, but most are 64"));
    EXPECT_THAT(run.out, HasSubstr("error: wide.png: is 64 x 32 px, but most are 64 px a side"));
    EXPECT_THAT(run.out, HasSubstr("error: broken.png: "));
    EXPECT_THAT(run.out, HasSubstr("note: c.png: is the same picture as b.png"));
}

TEST_F(DatasetCommand, TheDoctorSaysWhatAPreparedPictureWasMadeOf) {
    put_picture("in/ann.png", 64, 64, 1);
    cv::Mat image = cv::imread(path("in/ann.png"));
    image.at<cv::Vec3b>(5, 5)[0] ^= 3;
    cv::imwrite(path("in/bob.png"), image);
    ASSERT_EQ(dataset({"prepare", path("in"), "--out", path("set.zip"), "--plain", "--size", "64"}).exit_code, 0);
    const ProgramEnd run = dataset({"check", path("set.zip")});
    EXPECT_EQ(run.exit_code, 0) << run.out;
    EXPECT_THAT(run.out, HasSubstr("note: 00000/img00000001.png (bob.png): is nearly the same picture as "
                                   "00000/img00000000.png (ann.png)"));
}

TEST_F(DatasetCommand, BadOptionsAreRefusedInASentence) {
    put_picture("in/a.png", 100, 100, 1);
    const auto refused = [&](std::vector<std::string> more, const std::string& part) {
        std::vector<std::string> command{"prepare", path("in"), "--out", path("set.zip")};
        command.insert(command.end(), more.begin(), more.end());
        const ProgramEnd run = dataset(command);
        EXPECT_EQ(run.exit_code, 2) << run.err;
        EXPECT_THAT(run.err, HasSubstr(part));
    };
    refused({"--plain", "--size", "100"}, "--size is 100");
    refused({"--plain", "--ratio", "wide"}, "--ratio is 'wide'");
    refused({"--plain", "--faces"}, "exclude each other");
    refused({"--plain", "--min-sharpness", "nan"}, "--min-sharpness is nan; it has to be a number");
    refused({"--plain", "--background", "red"}, "--background is 'red'");
    refused({"--faces", "--ratio", "5:4"}, "aligned faces are always square");
    refused({"--plain", "--min-source", "5000"}, "No picture was kept (1 too small), so no set was written");
    refused({"--plain", "--min-source", "5000"}, "keeps 1 of 1 (--min-source ");
    EXPECT_EQ(dataset({"prepare", path("nowhere"), "--out", path("x.zip"), "--plain"}).exit_code, 2);
    EXPECT_EQ(dataset({"prepare", path("in"), "--out", path("no/x.zip"), "--plain"}).exit_code, 2);
    EXPECT_FALSE(fs::exists(in_folder("set.zip")));
}

} // namespace
} // namespace atelier
