// SPDX-License-Identifier: Apache-2.0
// atelier dataset prepare never writes over or among what it is given, nor over what is not its own.
#include <filesystem>
#include <map>

#include <gmock/gmock.h>
#include <opencv2/imgcodecs.hpp>

#include "support/program.h"
#include "support/scratch.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;
using test::ProgramEnd;
using testing::HasSubstr;

class DatasetSafe : public testing::Test {
protected:
    void SetUp() override {
        if (test::program().empty())
            GTEST_SKIP() << "needs the atelier program (ATELIER_PROGRAM)";
        fs::create_directories(at("in/inner"));
        cv::RNG random(1);
        for (const char* name : {"in/a.png", "in/inner/b.png"}) {
            cv::Mat image(70, 70, CV_8UC3);
            random.fill(image, cv::RNG::UNIFORM, 0, 255);
            cv::imwrite(at(name).string(), image);
        }
    }
    fs::path at(const std::string& name) const { return scratch_.path() / name; }
    ProgramEnd prepare(const std::vector<std::string>& inputs, const std::string& out,
                       const std::vector<std::string>& more = {}) const {
        std::vector<std::string> words{"dataset", "prepare", "--plain", "--size", "64", "--out", at(out).string()};
        for (const std::string& input : inputs)
            words.push_back(at(input).string());
        words.insert(words.end(), more.begin(), more.end());
        return test::run_program(words);
    }
    std::map<std::string, std::vector<std::uint8_t>> everything() const {
        std::map<std::string, std::vector<std::uint8_t>> all;
        for (const auto& entry : fs::recursive_directory_iterator(scratch_.path())) {
            all[entry.path().string()] =
                entry.is_regular_file() ? test::file_bytes(entry.path()) : std::vector<std::uint8_t>();
        }
        return all;
    }
    // Nothing came, went or changed.
    void refused(const std::vector<std::string>& inputs, const std::string& out, const std::string& why,
                 const std::vector<std::string>& more = {}) const {
        const auto before = everything();
        const ProgramEnd end = prepare(inputs, out, more);
        EXPECT_EQ(end.exit_code, 2) << out << ": " << end.err;
        EXPECT_THAT(end.err, HasSubstr(why)) << out;
        EXPECT_EQ(before, everything()) << out;
    }
    test::Scratch scratch_;
};

TEST_F(DatasetSafe, NothingIsWrittenAmongTheInputs) {
    const std::string among = "is one of the inputs or lies among them, where nothing is ever written";
    refused({"in"}, "in/set.zip", among);
    refused({"in"}, "in/inner/set", among);
    refused({"in/inner", "in"}, "in/set.zip", among);
    refused({"in"}, "in", among);
    fs::create_directory_symlink(at("in"), at("link"));
    refused({"in"}, "link/set.zip", among);
    refused({"link"}, "in/set.zip", among);
    ASSERT_EQ(prepare({"in"}, "own.zip").exit_code, 0);
    refused({"own.zip"}, "own.zip", among);
    fs::create_hard_link(at("own.zip"), at("twin.zip"));
    refused({"own.zip"}, "twin.zip", among);
    refused({"in"}, "set.zip", among, {"--report", at("in/page.html").string()});
    fs::rename(at("in"), at("set.zip.work"));
    refused({"set.zip.work"}, "set.zip", among);
}

TEST_F(DatasetSafe, WhatIsNotItsOwnIsNeitherReplacedNorRemoved) {
    test::put_bytes(at("thesis.zip"), test::bytes_of("no set"));
    refused({"in"}, "thesis.zip", "is there already and is no training set");
    refused({"in"}, "set.zip", "name a file that ends in .html", {"--report", at("thesis.zip").string()});
    fs::create_directories(at("album.work"));
    test::put_bytes(at("album.work/thesis.txt"), test::bytes_of("years of work"));
    refused({"in"}, "album", "holds thesis.txt, which is not of an unfinished set");
    EXPECT_EQ(prepare({"in"}, "set.zip").exit_code, 0);
    EXPECT_EQ(prepare({"in/a.png"}, "set.zip").exit_code, 0) << "a set is";
    EXPECT_EQ(prepare({"in/a.png"}, "in/beside.zip").exit_code, 0) << "the folder of a single picture is no input";
}

TEST_F(DatasetSafe, SeveralFoldersAreToldApart) {
    fs::create_directories(at("cats"));
    fs::create_directories(at("dogs"));
    fs::copy_file(at("in/a.png"), at("cats/a.png"));
    fs::copy_file(at("in/inner/b.png"), at("dogs/a.png"));
    const ProgramEnd end = prepare({"cats", "dogs"}, "set.zip", {"--labels", "--drop", "dogs/a.png"});
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.err, HasSubstr("1 of 2 pictures"));
    EXPECT_THAT(end.err, HasSubstr("1 dropped by hand"));
}

} // namespace
} // namespace atelier
