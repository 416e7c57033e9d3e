// SPDX-License-Identifier: Apache-2.0
// What is found in folders, and what is kept of the work on it.
#include <filesystem>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "prepare/decode.h"
#include "prepare/sources.h"
#include "prepare/work_folder.h"
#include "support/scratch.h"

namespace atelier::prepare {
namespace {

namespace fs = std::filesystem;
using test::Scratch;
using testing::HasSubstr;

void put_picture(const fs::path& file) {
    fs::create_directories(file.parent_path());
    cv::imwrite(file.string(), cv::Mat(8, 8, CV_8UC3, cv::Scalar(10, 20, 30)));
}

TEST(PrepareSources, AFolderThatCantBeReadIsNamedAndPassedBy) {
    const Scratch scratch;
    put_picture(scratch / "in" / "a.png");
    put_picture(scratch / "in" / "z.png");
    // Too deep for a path.
    const std::string part(200, 'd');
    int folder = ::open((scratch / "in").c_str(), O_DIRECTORY | O_CLOEXEC);
    for (int i = 0; i < 25; ++i) {
        ASSERT_EQ(::mkdirat(folder, part.c_str(), 0755), 0);
        const int inner = ::openat(folder, part.c_str(), O_DIRECTORY | O_CLOEXEC);
        ::close(folder);
        folder = inner;
    }
    ::close(folder);
    const Sources sources = find_sources({scratch / "in"}, 1);
    ASSERT_EQ(sources.pictures.size(), 3U);
    EXPECT_EQ(sources.pictures[0].name, "a.png");
    EXPECT_THAT(sources.pictures[1].trouble, HasSubstr("is a folder that can't be read (File name too long)"));
    EXPECT_EQ(sources.pictures[2].name, "z.png");
}

TEST(PrepareSources, NamesOfSeveralFoldersBeginWithTheirs) {
    const Scratch scratch;
    put_picture(scratch / "cats" / "a.png");
    put_picture(scratch / "dogs" / "big" / "a.png");
    put_picture(scratch / "b.png");
    const Sources one = find_sources({scratch / "dogs", scratch / "b.png"}, 1);
    EXPECT_EQ(one.pictures[0].name, "big/a.png");
    EXPECT_EQ(one.pictures[0].folder, "big");
    const Sources two = find_sources({scratch / "cats", scratch / "b.png", scratch / "dogs" / ""}, 1);
    ASSERT_EQ(two.pictures.size(), 3U);
    EXPECT_EQ(two.pictures[0].name, "cats/a.png");
    EXPECT_EQ(two.pictures[0].folder, "cats");
    EXPECT_EQ(two.pictures[1].name, "b.png");
    EXPECT_EQ(two.pictures[2].name, "dogs/big/a.png");
    EXPECT_EQ(two.pictures[2].folder, "dogs");
}

TEST(PrepareSources, AJpegWithAFilmBehindItIsRead) {
    std::vector<std::uint8_t> file;
    cv::imencode(".jpg", cv::Mat(40, 60, CV_8UC3, cv::Scalar(10, 200, 30)), file);
    const std::size_t whole = file.size();
    file.resize(whole + 3'000'000, 7);
    const Picture picture = decode(file, "a.jpg");
    EXPECT_EQ(picture.pixels.cols, 60);
    EXPECT_NEAR(picture.pixels.at<cv::Vec3b>(20, 30)[1], 200, 3);
    file.resize(whole - 30);
    EXPECT_THROW(decode(file, "a.jpg"), Error);
}

TEST(PrepareWorkFolder, TakesNoStrangersFolderAndRemovesOnlyItsOwn) {
    const Scratch scratch;
    const fs::path path = scratch / "set.zip.work", thesis = path / "thesis.txt";
    const std::string key = std::string(40, 'a');
    {
        WorkFolder work(path);
        work.store(key, Finding());
        EXPECT_TRUE(work.load(key).has_value());
    }
    test::put_bytes(path / (std::string(40, 'b') + ".part"), {1, 2});
    {
        WorkFolder work(path); // with a half-written one
        EXPECT_TRUE(work.load(key).has_value());
        test::put_bytes(thesis, {1});
        work.remove();
        EXPECT_TRUE(fs::exists(thesis)) << "came in meanwhile";
        EXPECT_EQ(std::distance(fs::directory_iterator(path), {}), 1);
    }
    EXPECT_THROW(WorkFolder{path}, Error);
    EXPECT_TRUE(fs::exists(thesis));
    fs::remove(thesis);
    WorkFolder(path).remove();
    EXPECT_FALSE(fs::exists(path));
}

} // namespace
} // namespace atelier::prepare
