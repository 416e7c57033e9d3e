// SPDX-License-Identifier: Apache-2.0
// atelier dataset check: the doctor refuses a set where the trainer does, takes the same files, and says why.
#include <algorithm>
#include <filesystem>
#include <functional>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "io/zip_writer.h"
#include "prepare/report.h"
#include "prepare/set_check.h"
#include "prepare/sources.h"
#include "support/media_fixture.h"
#include "support/program.h"
#include "train/dataset.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;
using test::ProgramEnd;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

cv::Mat noise(int width, int height, int type, int seed) {
    cv::RNG random(static_cast<std::uint64_t>(seed) + 1);
    cv::Mat image(height, width, type);
    random.fill(image, cv::RNG::UNIFORM, 0, 255);
    return image;
}

// What the trainer says to the set, with its labels and every picture read; empty if it takes it.
std::string refusal_of(const fs::path& set) {
    try {
        const train::Dataset data(set, {.use_labels = true});
        for (int i = 0; i < data.size(); ++i) {
            data.image(i);
        }
        return "";
    } catch (const Error& error) {
        return error.what();
    }
}

class DatasetCheck : public test::MediaTest {
protected:
    using Folder = std::function<void(const fs::path&)>;

    void SetUp() override {
        if (test::program().empty()) {
            GTEST_SKIP() << "needs the atelier program (ATELIER_PROGRAM)";
        }
    }

    static void put(const fs::path& path, const cv::Mat& image) {
        fs::create_directories(path.parent_path());
        cv::imwrite(path.string(), image);
    }
    static void put_text(const fs::path& path, const std::string& text) {
        test::put_bytes(path, std::vector<std::uint8_t>(text.begin(), text.end()));
    }
    static void put_pictures(const fs::path& folder, int count) {
        for (int i = 0; i < count; ++i) {
            put(folder / fmt::format("p{:02}.png", i), noise(16, 16, CV_8UC3, i));
        }
    }
    // Three sound pictures and what `more` adds.
    fs::path make_set(const std::string& name, const Folder& more) const {
        put_pictures(in_folder(name), 3);
        more(in_folder(name));
        return in_folder(name);
    }
    fs::path zipped(const fs::path& folder) const {
        const fs::path path = folder.string() + ".zip";
        io::ZipWriter zip(path);
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            if (entry.is_regular_file()) {
                const std::string bytes = test::bytes_in(entry.path());
                zip.add(entry.path().lexically_relative(folder).generic_string(),
                        {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
            }
        }
        zip.finish();
        return path;
    }
    static ProgramEnd check(const fs::path& set) { return test::run_program({"dataset", "check", set.string()}); }

    // Doctor and trainer; the folder's zip too, without running the program once more.
    void agree(const std::string& name, const std::string& says, const Folder& more) {
        SCOPED_TRACE(name);
        const fs::path set = make_set(fmt::format("set{}", ++cases_), more);
        const ProgramEnd run = check(set);
        const std::string refusal = refusal_of(set);
        EXPECT_EQ(run.exit_code, refusal.empty() ? 0 : 2) << run.out << run.err << refusal;
        EXPECT_THAT(run.out, HasSubstr(says)) << run.err;
        EXPECT_EQ(refusal.empty(), run.out.find("error: ") == std::string::npos) << run.out << refusal;
        if (refusal.empty()) {
            expect_described(run.out, train::Dataset(set, {.use_labels = true}));
        }
        const fs::path zip = zipped(set);
        const prepare::SetReport report = prepare::check_set(zip, [](std::size_t, std::size_t) {});
        EXPECT_EQ(report.errors.empty() && report.label_errors.empty(), refusal_of(zip).empty());
        EXPECT_EQ(refusal_of(zip).empty(), refusal.empty());
    }
    static void expect_described(const std::string& text, const train::Dataset& data) {
        const auto says = [&](const std::string& part) { return text.find(part) != std::string::npos; };
        EXPECT_THAT(text, HasSubstr(fmt::format("{0} pictures of {1} x {1} px, {2}\n", data.raw_size(),
                                                data.resolution(), data.channels() == 1 ? "gray" : "in colour")));
        EXPECT_EQ(says("labels: "), data.label_dim() > 0);
        EXPECT_EQ(says("its ratio is not"), !data.ratio_trouble().empty());
        EXPECT_EQ(says("shown at " + text_of(data.ratio()) + "\n"), !data.ratio().square());
    }
    // The same with a dataset.json.
    void agree_on(const std::string& json, const std::string& says) {
        agree(json, says, [&](const fs::path& folder) { put_text(folder / "dataset.json", json); });
    }
    void agree_on_labels(const std::string& a, const std::string& b, const std::string& says) {
        agree_on(fmt::format(R"({{"labels": [["p00.png", {}], ["p01.png", {}], ["p02.png", {}]]}})", a, b, b), says);
    }

    int cases_ = 0;
};

TEST_F(DatasetCheck, AgreesWithTheTrainerOnPictures) {
    agree("sound", "3 pictures of 16 x 16 px, in colour", [](const fs::path&) {});
    agree("gray", "error: gray.png: is gray, but most are in colour; save all in one kind",
          [](const fs::path& folder) { put(folder / "gray.png", noise(16, 16, CV_8UC1, 9)); });
    agree("colour", "error: p00.png: is in colour, but most are gray", [](const fs::path& folder) {
        for (int i = 0; i < 4; ++i) {
            put(folder / fmt::format("sub/{}.jpg", i), noise(16, 16, CV_8UC1, 9 + i));
        }
    });
    agree("16 bits", "error: deep.png: has 16 bits a channel; save it with 8",
          [](const fs::path& folder) { put(folder / "deep.png", noise(16, 16, CV_16UC3, 9)); });
    agree("holes", "error: holes.png: has transparent parts; flatten it",
          [](const fs::path& folder) { put(folder / "holes.png", noise(16, 16, CV_8UC4, 9)); });
    agree("opaque", "4 pictures", [](const fs::path& folder) {
        cv::Mat opaque;
        cv::cvtColor(noise(16, 16, CV_8UC3, 9), opaque, cv::COLOR_BGR2BGRA);
        put(folder / "opaque.png", opaque);
    });
    agree("side", "error: large.png: is 32 px a side, but most are 16 px a side; scale all to one size",
          [](const fs::path& folder) { put(folder / "large.png", noise(32, 32, CV_8UC3, 9)); });
    agree("odd side", "error: odd.png: is 20 px a side; scale it to a power of two",
          [](const fs::path& folder) { put(folder / "odd.png", noise(20, 20, CV_8UC3, 9)); });
    agree("wide", "error: wide.png: is 16 x 8 px, but most are 16 px a side; scale all to one size",
          [](const fs::path& folder) { put(folder / "wide.png", noise(16, 8, CV_8UC3, 9)); });
    agree("broken", "error: broken.png: is not a PNG or JPEG picture; save it anew as PNG, or take it out.\n",
          [](const fs::path& folder) { put_text(folder / "broken.png", "no picture"); });
    agree("bent", "error: bent.png: ", [](const fs::path& folder) { // the header is sound, the pixels are not
        std::string bytes = test::bytes_in(folder / "p01.png");
        bytes[bytes.size() / 2] ^= 1;
        put_text(folder / "bent.png", bytes);
    });
    agree("another name", "4 pictures", [](const fs::path& folder) {
        put(folder / "other.jpg", noise(16, 16, CV_8UC3, 9));
        fs::rename(folder / "other.jpg", folder / "other.PNG");
    });
}

TEST_F(DatasetCheck, WhatIsWrongByItselfDoesNotDecideWhatMostAre) {
    const fs::path set = make_set("set", [](const fs::path& folder) {
        for (int i = 0; i < 5; ++i) {
            put(folder / fmt::format("wide{}.png", i), noise(64, 8, CV_8UC1, i));
        }
    });
    const ProgramEnd run = check(set);
    EXPECT_THAT(run.out, HasSubstr("8 pictures of 16 x 16 px, in colour\n"));
    EXPECT_THAT(run.out, Not(HasSubstr("error: p0")));
    EXPECT_THAT(run.err, HasSubstr("5 troubles are in the way"));
    EXPECT_THAT(refusal_of(set), HasSubstr("wide0.png"));
}

TEST_F(DatasetCheck, LooksAtTheFilesThatTheTrainerTakes) {
    const cv::Mat image = noise(16, 16, CV_8UC3, 9);
    std::vector<std::uint8_t> png;
    cv::imencode(".png", image, png);
    int taken = 0, passed = 0; // by contents, whatever the ending, but for the raw files of cameras
    for (const std::string kind :
         {"png",  "PNG",  "jpg",  "jpeg", "JPeG", "jpe", "jfif", "webp", "bmp", "gif", "tif",  "tiff", "tga", "heic",
          "heif", "avif", "jxl",  "jp2",  "ppm",  "pgm", "psd",  "raw",  "cr2", "nef", "arw",  "dng",  "exr", "mp4",
          "mov",  "mkv",  "webm", "avi",  "m4v",  "mpg", "mpeg", "wmv",  "zip", "txt", "json", "npy",  ""}) {
        const std::string name = "x" + (kind.empty() ? "" : "." + kind);
        const fs::path set =
            make_set("set-" + kind, [&](const fs::path& folder) { test::put_bytes(folder / name, png); });
        test::put_bytes(set / "._a.png", png);
        fs::create_directories(set / "__MACOSX");
        test::put_bytes(set / "__MACOSX" / "b.webp", png);
        fs::create_symlink(set / "nowhere", set / "link.png");
        const std::string refusal = refusal_of(set);
        const prepare::SetReport report = prepare::check_set(set, [](std::size_t, std::size_t) {});
        EXPECT_EQ(report.errors.empty(), refusal.empty()) << name << refusal;
        ASSERT_EQ(refusal, "") << name;
        const auto size = static_cast<std::size_t>(train::Dataset(set, {}).raw_size());
        EXPECT_EQ(report.pictures, size) << name;
        taken += size == 4 ? 1 : 0;
        passed += size == 3 ? 1 : 0;
    }
    EXPECT_EQ(taken, 36);
    EXPECT_EQ(passed, 5);
}

TEST_F(DatasetCheck, OneNoteNamesWhatIsPassedOver) {
    const auto more = [](const fs::path& folder) {
        for (const std::string name : {"a.mp4", "b.zip", "c.jfif", "d.jpe", "e.psd", "notes.txt"}) {
            put_text(folder / name, "nothing of use");
        }
    };
    agree("passed over",
          "note: a.mp4, b.zip, c.jfif and 2 more: not a part of the set; training takes PNG and JPEG files.\n", more);
    EXPECT_THAT(check(in_folder("set1")).out, AllOf(HasSubstr("3 pictures"), Not(HasSubstr("notes.txt"))));
    agree("stranger", "error: x.webp: is a picture of a kind that isn't read here; save it as PNG, or take it out.\n",
          [](const fs::path& folder) { put_text(folder / "x.webp", "whatever"); });
    fs::create_directories(in_folder("none"));
    put(in_folder("none/a.png"), noise(16, 16, CV_8UC3, 1));
    fs::rename(in_folder("none/a.png"), in_folder("none/a.nef"));
    const ProgramEnd none = check(in_folder("none"));
    EXPECT_EQ(none.exit_code, 2);
    EXPECT_THAT(none.err, HasSubstr("holds no pictures"));
    EXPECT_THAT(refusal_of(in_folder("none")), HasSubstr("holds no pictures"));
}

TEST_F(DatasetCheck, AgreesWithTheTrainerOnLabels) {
    const std::string start = "error: dataset.json: the label of p00.png is ",
                      range = "a class is a whole number from 0 ";
    for (const std::string label : {"null", "[]", "[1e300]", "[\"a\"]"}) {
        agree_on_labels(label, "1", start + "neither a class from 0 to 65535 nor a list of numbers.\n");
    }
    for (const std::string label : {"-3", "1.5", "5000000", "65536"}) {
        agree_on_labels(label, "1", start + label + "; " + range + "to 65535, and other numbers stand in lists");
    }
    agree_on_labels("\"cat\"", "1", start + "the text \"cat\"; " + range);
    agree_on_labels("\"3\"", "1", start + "the text \"3\"; write the number without quotes.\n");
    agree_on_labels("1", "-1", "the label of p01.png (and 1 other) is -1; a class");
    agree_on_labels("[1, 2]", "1", "error: dataset.json: its labels are of different kinds or lengths");
    agree_on_labels("[1, 2]", "[1]", "error: dataset.json: its labels are of different kinds or lengths");
    agree_on(R"({"labels": "yes"})", "error: dataset.json: its labels are neither a list nor null");
    agree_on(R"({"labels": [["p00.png", 1], 5]})", "error: dataset.json: its labels are no list of pairs");
    agree_on(R"({"labels": [["p00.png", 1], ["p02.png", 0]]})",
             "error: dataset.json: has no label for p01.png; give every picture one, or take it out.\n");
    agree_on(R"({"labels": []})", "has no label for p00.png (and 2 others)");
    agree_on(R"({"labels": {}})", "has no label for p00.png (and 2 others)");
    agree_on("{", "error: dataset.json: is no JSON: line 1, column 2: it ends before all brackets are closed");
    agree_on("{\"labels\": [\n  [\"p00.png\", 1],\n]}",
             "error: dataset.json: is no JSON: line 3, column 1: a comma stands before ]; take it out.\n");
    agree_on("{'labels': null}", "is no JSON: line 1, column 2: a single quote; texts stand in double quotes");
    agree_on(R"({"labels": [["p00.png", None]]})", "is no JSON: line 1, column 25: something else was due there");
    agree_on(std::string("\xFF\xFE{\0}\0", 6), "error: dataset.json: is text in UTF-16; save it as UTF-8.\n");
    agree_on(R"({"labels": [["p00.png", 1], ["p01.png", 1], ["p02.png", 1], ["p00.png", 2], ["p01.png", 1]]})",
             "error: dataset.json: has two labels for p00.png (1 and 2); a picture has one class");
    agree_on(R"({"labels": [["p00.png", 1], ["p01.png", 1], ["in\\p02.png", 1]]})",
             "names its pictures with backslashes, such as in\\p02.png; write / in their place.\n");
    agree_on("[1]", "error: dataset.json: is no JSON object");
    agree_on("", "error: dataset.json: ");

    agree_on_labels("65535", "0", "labels: 3 pictures in 2 classes\n");
    agree_on_labels("[1, 0.5]", "[0, 1]", "labels: 3 pictures, 2 numbers each\n");
    agree_on_labels("1.0", "0", "labels: 3 pictures in 2 classes\n");
    agree_on(R"({"labels": {"p00.png": 1, "p01.png": 0, "p02.png": 1, "gone.png": "cat"}})",
             "labels: 3 pictures in 2 classes\n");
    agree_on(R"({"labels": null})", "3 pictures");
    agree_on("{}", "3 pictures");
}

TEST_F(DatasetCheck, SaysThatLabelsAloneAreInTheWay) {
    const fs::path set =
        make_set("set", [](const fs::path& folder) { put_text(folder / "dataset.json", R"({"labels": "yes"})"); });
    EXPECT_THAT(check(set).err, HasSubstr("can't be trained on with its labels (--cond); 1 trouble is in the way"));
    EXPECT_EQ(train::Dataset(set, {}).raw_size(), 3);
    put_text(set / "z.png", "no picture");
    EXPECT_THAT(check(set).err, HasSubstr("can't be trained on as it is; 2 troubles are in the way"));
}

TEST_F(DatasetCheck, AgreesWithTheTrainerOnTheRatio) {
    const auto with = [](const std::string& ratio) { return R"({"atelier": {"ratio": )" + ratio + "}}"; };
    for (const std::string bad : {"[0, 7]", "[-1, 2]", "[5, 65]", "[1.5, 2]", "[5]", "\"5:4\"", "null"}) {
        agree_on(with(bad), "note: dataset.json: its ratio is not two whole numbers from 1 to 64, such as [5,4]");
    }
    agree_on(with("[10, 8]"), "shown at 5:4\n");
    agree_on(with("[3, 3]"), "3 pictures");
    agree_on(R"({"atelier": 5})", "3 pictures");
}

TEST_F(DatasetCheck, GivesTheAdviceOfTheKind) {
    const fs::path set = in_folder("set");
    put_pictures(set, 20);
    const auto advice = [&](const std::string& json) {
        put_text(set / "dataset.json", json);
        const ProgramEnd run = check(set);
        EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
        return run.out;
    };
    EXPECT_THAT(advice(R"({"atelier": {"faces": true}})"), HasSubstr("start from a model of faces"));
    EXPECT_THAT(advice(R"({"atelier": {"faces": false}})"), HasSubstr("start from a model of something alike"));
    EXPECT_THAT(advice(R"({"atelier": {"faces": 1}})"), HasSubstr("start from a model of something alike"));
    EXPECT_THAT(advice("{}"), HasSubstr("start from a model of something alike"));
}

TEST_F(DatasetCheck, TheReportSaysWhereItsThumbnailsEnd) {
    put_pictures(in_folder("in"), 4);
    prepare::CutRun job(prepare::find_sources({in_folder("in")}, 1), {.size = 64}, in_folder("work"));
    job.start(1);
    ASSERT_TRUE(job.wait(60));
    std::vector<prepare::Item> items = job.items();
    prepare::judge(items, job.options(), {}, false);
    items.at(3).kept = false; // shown first
    const auto page = [&](std::size_t thumbnails) { return report_page("set", job, items, {}, thumbnails); };
    const auto count = [](const std::string& text, const std::string& part) {
        int found = 0;
        for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
            ++found;
        }
        return found;
    };
    const std::string text = page(2), line = "From here on without thumbnails: a page shows those of 2 pictures";
    EXPECT_EQ(count(text, "<figure"), 4);
    EXPECT_EQ(count(text, "<img"), 2);
    EXPECT_EQ(count(text, line), 1);
    EXPECT_LT(text.rfind("<img"), text.find(line));
    EXPECT_EQ(count(text.substr(text.find(line)), "<figure"), 2);
    EXPECT_EQ(count(page(4), "without thumbnails"), 0);
    EXPECT_EQ(count(page(4), "<img"), 4);
}

} // namespace
} // namespace atelier
