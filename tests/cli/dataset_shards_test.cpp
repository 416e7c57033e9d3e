// SPDX-License-Identifier: Apache-2.0
// Sharded sets at the command line: written, checked, trained on, put together again; what is missing is named.
#include <gmock/gmock.h>

#include <ATen/ops/equal.h>

#include "cli/dataset_fixture.h"
#include "train/dataset.h"
#include "train/loader.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;
using test::DatasetProgram;
using test::ProgramEnd;
using testing::AllOf;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class DatasetShards : public DatasetProgram {
protected:
    // 11 pictures of 64 px in two classes, prepared with `more`.
    ProgramEnd make(const std::string& out, const std::vector<std::string>& more) const {
        for (int i = 0; i < 11; ++i) {
            put(fmt::format("in/{}/{:02}.png", i % 2 == 0 ? "cats" : "dogs", i), test::pattern(80, 80, i));
        }
        std::vector<std::string> words{"--plain", "--size", "64", "--labels", "--near", "-1"};
        words.insert(words.end(), more.begin(), more.end());
        return prepare({"in"}, out, words);
    }
    ProgramEnd shard(const std::string& set, const std::string& out, const std::string& pictures) const {
        return test::run_program({"dataset", "shard", path(set), "--out", path(out), "--shard-pictures", pictures});
    }
    std::vector<std::string> files_of(const std::string& folder) const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(in_folder(folder))) {
            names.push_back(entry.path().filename().string());
        }
        return names;
    }
    void expect_same_batches(const std::string& a, const std::string& b) const {
        train::DatasetOptions options;
        options.use_labels = options.checksums = true;
        const auto x = std::make_shared<const train::Dataset>(in_folder(a), options);
        const auto y = std::make_shared<const train::Dataset>(in_folder(b), options);
        ASSERT_EQ(x->names(), y->names());
        EXPECT_EQ(x->classes().names, y->classes().names);
        EXPECT_EQ(y->classes().names, (std::vector<std::string>{"cats", "dogs"}));
        train::Loader from_x(x, 4, 3, 0), from_y(y, 4, 3, 0);
        for (int i = 0; i < 20; ++i) {
            const train::Batch one = from_x.next(), other = from_y.next();
            ASSERT_TRUE(at::equal(one.images, other.images));
            ASSERT_TRUE(at::equal(one.labels, other.labels));
        }
    }
};

TEST_F(DatasetShards, PrepareWritesThemAndNothingElse) {
    ASSERT_EQ(make("one.zip", {}).exit_code, 0);
    const ProgramEnd end = make("many", {"--shard-pictures", "4"});
    ASSERT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(files_of("many"), UnorderedElementsAre("shards.json", "dataset.json", "shard-00000-of-00003.zip",
                                                       "shard-00001-of-00003.zip", "shard-00002-of-00003.zip"));
    expect_same_batches("one.zip", "many");
    const ProgramEnd check = test::run_program({"dataset", "check", path("many")});
    EXPECT_EQ(check.exit_code, 0) << check.err;
    EXPECT_THAT(check.out, AllOf(HasSubstr("3 shards and their checksums are whole"),
                                 HasSubstr("11 pictures of 64 x 64"), HasSubstr("class 0 (cats): 6")));
}

TEST_F(DatasetShards, AnySetIsCutAndPutTogetherAgain) {
    ASSERT_EQ(make("one.zip", {}).exit_code, 0);
    ProgramEnd end = shard("one.zip", "many", "5");
    ASSERT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.err, HasSubstr("11 pictures in shards of at most 5"));
    expect_same_batches("one.zip", "many");
    ASSERT_EQ(shard("many", "again", "2").exit_code, 0); // and from shards to others
    EXPECT_EQ(files_of("again").size(), 8U);
    expect_same_batches("one.zip", "again");
    ASSERT_EQ(shard("again", "back.zip", "0").exit_code, 0);
    expect_same_batches("one.zip", "back.zip");
    EXPECT_EQ(test::file_bytes(in_folder("back.zip")), test::file_bytes(in_folder("one.zip"))); // byte for byte
}

TEST_F(DatasetShards, WhatCantBeIsSaidBeforehand) {
    ASSERT_EQ(make("one.zip", {}).exit_code, 0);
    const ProgramEnd as_zip = make("many.zip", {"--shard-pictures", "4"});
    EXPECT_EQ(as_zip.exit_code, 2);
    EXPECT_THAT(as_zip.err, HasSubstr("shards are written into a folder"));
    put("there/x.txt", test::ImageBytes{1});
    EXPECT_THAT(shard("one.zip", "there", "4").err, HasSubstr("is there already"));
    EXPECT_THAT(shard("none.zip", "new", "4").err, HasSubstr("there is no such folder or zip"));
    EXPECT_FALSE(fs::exists(in_folder("new")));
}

TEST_F(DatasetShards, CheckNamesEveryShardThatIsNotWhole) {
    ASSERT_EQ(make("many", {"--shard-pictures", "4"}).exit_code, 0);
    fs::remove(in_folder("many/shard-00000-of-00003.zip"));
    auto bytes = test::file_bytes(in_folder("many/shard-00002-of-00003.zip"));
    bytes[bytes.size() / 2] ^= 0x10U;
    test::put_bytes(in_folder("many/shard-00002-of-00003.zip"), bytes);
    const ProgramEnd check = test::run_program({"dataset", "check", path("many")});
    EXPECT_EQ(check.exit_code, 2);
    EXPECT_THAT(check.out, AllOf(HasSubstr("error: shard-00000-of-00003.zip: is missing"),
                                 HasSubstr("error: shard-00002-of-00003.zip: is damaged")));
    EXPECT_THAT(check.err, HasSubstr("2 troubles are"));
    const ProgramEnd copy = shard("many", "copy", "0");
    EXPECT_EQ(copy.exit_code, 2);
    EXPECT_FALSE(fs::exists(in_folder("copy")));
}

TEST_F(DatasetShards, TrainingNamesWhatIsNotWholeBeforeTheFirstStep) {
    ASSERT_EQ(make("many", {"--shard-pictures", "4"}).exit_code, 0);
    const auto train = [&](const std::string& out, const std::vector<std::string>& more) {
        std::vector<std::string> words{
            "train", "--data",    path("many"), "--out",       path(out), "--kimg",         "0.008", "--batch",
            "4",     "--z-dim",   "16",         "--map-depth", "2",       "--channel-base", "64",    "--channel-max",
            "8",     "--threads", "1",          "--cond"};
        words.insert(words.end(), more.begin(), more.end());
        return test::run_program(std::move(words));
    };
    EXPECT_EQ(train("whole", {}).exit_code, 0);
    auto bytes = test::file_bytes(in_folder("many/shard-00001-of-00003.zip"));
    bytes[bytes.size() / 2] ^= 0x10U;
    test::put_bytes(in_folder("many/shard-00001-of-00003.zip"), bytes);
    const ProgramEnd damaged = train("damaged", {});
    EXPECT_EQ(damaged.exit_code, 2);
    EXPECT_THAT(damaged.err, HasSubstr("shard-00001-of-00003.zip: is damaged"));
    EXPECT_FALSE(fs::exists(in_folder("damaged")));
    fs::remove(in_folder("many/shard-00001-of-00003.zip"));
    const ProgramEnd missing = train("missing", {"--skip-checksums"});
    EXPECT_EQ(missing.exit_code, 2);
    EXPECT_THAT(missing.err, HasSubstr("shard-00001-of-00003.zip: is missing"));
    EXPECT_EQ(test::times_in(missing.err, "\n"), 1U) << missing.err; // one sentence
    EXPECT_FALSE(fs::exists(in_folder("missing")));
}

} // namespace
} // namespace atelier
