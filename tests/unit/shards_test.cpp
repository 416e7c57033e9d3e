// SPDX-License-Identifier: Apache-2.0
// Sharded sets: the same pictures, labels and batches as the one zip; what is missing or damaged is named; indexes that
// anyone may have written do no harm. And the memory that any set takes.
#include <filesystem>
#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <ATen/ATen.h>

#include "base/error.h"
#include "io/image.h"
#include "io/shard_set.h"
#include "io/zip_writer.h"
#include "support/picture_files.h"
#include "support/scratch.h"
#include "train/dataset.h"
#include "train/loader.h"

namespace {

using namespace atelier;
using namespace atelier::test;
namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using train::Dataset;
using train::DatasetOptions;
using train::Loader;

constexpr int pictures = 23, side = 16;

std::string name_of(int picture) {
    return fmt::format("{:05}/img{:08}.png", picture / 10, picture);
}

// RGB, each unlike all others.
std::vector<std::uint8_t> picture_file(int picture) {
    PngParts parts;
    parts.width = parts.height = side;
    for (int y = 0; y < side; ++y) {
        parts.rows += '\0';
        for (int x = 0; x < side; ++x) {
            parts.rows += std::string{static_cast<char>(picture), static_cast<char>(y * side + x), 'b'};
        }
    }
    return png_file(parts);
}

std::string description() {
    json labels = json::array();
    for (int i = 0; i < pictures; ++i) {
        labels.push_back({name_of(i), i % 3});
    }
    return json{{"labels", labels}, {"atelier", {{"classes", {"cats", "dogs", "owls"}}}}}.dump();
}

fs::path scratch_zip(const Scratch& scratch) {
    return scratch / "large.zip";
}

class Shards : public testing::Test {
protected:
    Shards() {
        io::ZipWriter zip(scratch_ / "one.zip");
        for (int i = 0; i < pictures; ++i) {
            zip.add(name_of(i), picture_file(i));
        }
        const std::string text = description();
        zip.add("dataset.json", io::as_bytes(text));
        zip.finish();
        fs::create_directory(set());
        // Out of order and of unlike sizes: the order of pictures is that of their names alone.
        write_shard("b.zip", {20, 3, 11, 7, 0});
        write_shard("a.zip", {22, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13});
        write_shard("c.zip", {21, 14, 15, 16, 17, 18, 19});
        put_bytes(set() / "dataset.json", bytes_of(text));
        index_.description = io::shard_facts(set() / "dataset.json", "dataset.json");
        write_index();
    }
    fs::path set() const { return scratch_ / "set"; }
    void write_shard(const std::string& name, const std::vector<int>& which) {
        io::ZipWriter zip(set() / name);
        for (const int picture : which) {
            zip.add(name_of(picture), picture_file(picture));
        }
        zip.finish();
        io::Shard shard = io::shard_facts(set() / name, name);
        shard.pictures = which.size();
        index_.shards.push_back(shard);
    }
    void write_index() const { put_bytes(set() / "shards.json", bytes_of(io::to_text(index_))); }
    json index_json() const { return json::parse(io::to_text(index_)); }
    std::string refusal(bool checksums = false) const {
        DatasetOptions options;
        options.checksums = checksums;
        return message_from<Error>([&] { const Dataset data(set(), options); });
    }
    std::string refusal_of_index(const json& index) const {
        put_bytes(set() / "shards.json", bytes_of(index.dump()));
        return refusal();
    }
    void damage(const std::string& name, std::size_t at) const {
        auto bytes = file_bytes(set() / name);
        bytes.at(at) ^= 1U;
        put_bytes(set() / name, bytes);
    }

    Scratch scratch_;
    io::ShardIndex index_;
};

TEST_F(Shards, GiveTheSameBatchesAsTheOneZip) {
    DatasetOptions options;
    options.use_labels = options.xflip = options.checksums = true;
    options.keep = 5 * side * side * 3; // most are decoded anew each time
    const auto one = std::make_shared<const Dataset>(scratch_ / "one.zip", options);
    const auto many = std::make_shared<const Dataset>(set(), options);
    const auto by_index = std::make_shared<const Dataset>(set() / "shards.json", options);
    EXPECT_EQ(many->names(), one->names());
    EXPECT_EQ(by_index->names(), one->names());
    EXPECT_EQ(many->classes().names, (std::vector<std::string>{"cats", "dogs", "owls"}));
    EXPECT_EQ(many->classes().pictures, one->classes().pictures);
    Loader a(one, 6, 5, 0, 1), b(many, 6, 5, 0, 3);
    for (int i = 0; i < 40; ++i) {
        const train::Batch x = a.next(), y = b.next();
        ASSERT_TRUE(at::equal(x.images, y.images)) << "batch " << i;
        ASSERT_TRUE(at::equal(x.labels, y.labels)) << "batch " << i;
    }
}

TEST_F(Shards, AMissingShardIsNamed) {
    fs::remove(set() / "a.zip");
    EXPECT_THAT(refusal(), AllOf(StartsWith((set() / "a.zip").string() + ": is missing, though shards.json names it"),
                                 HasSubstr("copy it anew")));
    fs::remove(set() / "dataset.json");
    EXPECT_THAT(refusal(), HasSubstr("1 more file of the set is not whole"));
}

TEST_F(Shards, AShardThatWasCutIsNamedWithoutReadingIt) {
    fs::resize_file(set() / "c.zip", 900);
    EXPECT_THAT(refusal(), AllOf(StartsWith((set() / "c.zip").string() + ": has 900 bytes, but shards.json says")));
}

TEST_F(Shards, ADamagedByteIsNamedBeforeTheFirstStep) {
    damage("b.zip", 90 + name_of(20).size()); // within the pixels of its first picture
    EXPECT_EQ(refusal(false), "");
    EXPECT_THAT(refusal(true), StartsWith((set() / "b.zip").string() + ": is damaged: its bytes are not those"));
}

// Ranks compare the checksums together: each file is read by one of them.
TEST_F(Shards, SharesOfTheCheckCoverEachFileOnce) {
    for (const char* name : {"a.zip", "b.zip", "c.zip"}) {
        damage(name, 90);
    }
    damage("dataset.json", 14);
    std::multiset<std::string> found;
    for (std::size_t one = 0; one < 3; ++one) {
        for (const io::ShardTrouble& trouble : io::shard_troubles(set(), index_, true, {}, {one, 3})) {
            found.insert(trouble.file.filename().string());
        }
    }
    EXPECT_THAT(found, testing::ElementsAre("a.zip", "b.zip", "c.zip", "dataset.json"));
    DatasetOptions options;
    options.checksums = true;
    options.check_of = 4;
    for (const auto& [one, name] : {std::pair{0U, "b.zip"}, {1U, "a.zip"}, {2U, "c.zip"}, {3U, "dataset.json"}}) {
        options.check_one = one;
        EXPECT_THAT(message_from<Error>([&] { const Dataset data(set(), options); }),
                    StartsWith((set() / name).string() + ": is damaged"));
    }
}

TEST_F(Shards, ADamagedByteIsFoundWhenItIsReadAtTheLatest) {
    damage("b.zip", 60 + name_of(20).size());
    const Dataset data(set(), {});
    int failed = 0;
    for (int i = 0; i < data.size(); ++i) {
        const std::string message = message_from<Error>([&] { data.image(i); });
        failed += message.empty() ? 0 : 1;
        EXPECT_TRUE(message.empty() || (i == 20 && message.find("b.zip") != std::string::npos)) << i << message;
    }
    EXPECT_EQ(failed, 1);
}

TEST_F(Shards, DamagedLabelsAreNamedToo) {
    damage("dataset.json", 14);
    EXPECT_THAT(refusal(true), StartsWith((set() / "dataset.json").string() + ": is damaged"));
}

TEST_F(Shards, OneShardAloneIsNoSet) {
    EXPECT_THAT(message_from<Error>([&] { const Dataset data(set() / "a.zip", {}); }),
                AllOf(HasSubstr("is one of the 3 shards"), HasSubstr("name the whole set, " + set().string())));
    fs::copy_file(set() / "a.zip", scratch_ / "alone.zip"); // copied elsewhere it is a zip like any other
    EXPECT_EQ(Dataset(scratch_ / "alone.zip", {}).size(), 11);
}

TEST_F(Shards, AShardOfOtherPicturesIsNamed) {
    index_.shards[0].pictures = 4;
    write_index();
    EXPECT_THAT(refusal(), HasSubstr("b.zip: holds 5 pictures, but shards.json says 4"));
}

TEST_F(Shards, APictureInTwoShardsIsNamed) {
    write_shard("d.zip", {4});
    write_index();
    EXPECT_THAT(refusal(), AllOf(HasSubstr("d.zip: '00000/img00000004.png' is in"), HasSubstr("a.zip as well")));
}

TEST_F(Shards, IndexesOfStrangersDoNoHarm) {
    EXPECT_EQ(refusal_of_index(index_json()), "");
    const auto with = [&](const auto& change) {
        json index = index_json();
        change(index);
        return refusal_of_index(index);
    };
    const std::string file = (set() / "shards.json").string();
    for (const char* name : {"../one.zip", "/etc/passwd", "", ".", "..", "x/../a.zip"}) {
        EXPECT_THAT(with([&](json& index) { index["shards"][0]["file"] = name; }),
                    AllOf(StartsWith(file), HasSubstr("is no name of a file in its folder")))
            << name;
    }
    EXPECT_THAT(with([](json& index) { index["shards"][1]["file"] = index["shards"][0]["file"]; }),
                HasSubstr("names 'b.zip' twice"));
    EXPECT_THAT(with([](json& index) { index["shards"][0]["bytes"] = -1; }), HasSubstr("'bytes' is missing or no"));
    EXPECT_THAT(with([](json& index) { index["shards"][0]["pictures"] = 1e300; }),
                HasSubstr("'pictures' is missing or no"));
    EXPECT_THAT(with([](json& index) { index["shards"][0]["sha256"] = "0"; }), HasSubstr("64 hexadecimal digits"));
    EXPECT_THAT(with([](json& index) { index["shards"] = json::array(); }), HasSubstr("a list of 1 to 512 shards"));
    EXPECT_THAT(with([](json& index) { index["shards"] = json(std::vector<int>(513)); }),
                HasSubstr("a list of 1 to 512 shards"));
    EXPECT_THAT(with([](json& index) { index["pictures"] = 22; }),
                HasSubstr("tells of 22 pictures, but its shards of 23"));
    EXPECT_THAT(with([](json& index) { index["version"] = 2; }), HasSubstr("a version that this Atelier doesn't know"));
    EXPECT_THAT(with([](json& index) { index["description"]["file"] = "labels.json"; }),
                HasSubstr("it has to be dataset.json"));
    EXPECT_THAT(refusal_of_index(json::array()), HasSubstr("is no index of shards"));
    put_bytes(set() / "shards.json", bytes_of(std::string(100'000, '[')));
    EXPECT_THAT(refusal(), HasSubstr("is no index of shards"));
    std::ofstream(set() / "shards.json") << std::string((1U << 20U) + 1, ' ');
    EXPECT_THAT(refusal(), HasSubstr("is larger than 1 MiB"));
    fs::remove(set() / "shards.json");
    fs::create_directory(set() / "shards.json");
    EXPECT_THAT(refusal(), HasSubstr("is a folder"));
}

TEST_F(Shards, CheckingCanBeGivenUp) {
    DatasetOptions options;
    options.checksums = true;
    int told = 0;
    EXPECT_EQ(message_from<Error>([&] {
                  const Dataset data(set(), options, [&](const std::string& what) {
                      ++told;
                      EXPECT_THAT(what, HasSubstr("checking the shards"));
                      fail("called off");
                  });
              }),
              "called off");
    EXPECT_EQ(told, 1);
}

TEST_F(Shards, WhatStaysInMemoryIsBounded) {
    constexpr std::uint64_t picture = side * side * 3;
    for (const std::uint64_t keep : {std::uint64_t{0}, 7 * picture + 1, 1000 * picture}) {
        DatasetOptions options;
        options.keep = keep;
        const auto data = std::make_shared<const Dataset>(set(), options);
        Loader loader(data, 4, 1, 0, 3);
        for (int i = 0; i < 50; ++i) {
            loader.next();
            ASSERT_LE(data->kept_bytes(), keep);
        }
        EXPECT_EQ(data->kept_bytes(), std::min<std::uint64_t>(keep / picture, pictures) * picture);
    }
}

// Of the process, in MB.
double resident_mb() {
    std::ifstream in("/proc/self/statm");
    double pages = 0, resident = 0;
    in >> pages >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

// Ten times what may stay, read twice over.
TEST(LargeSets, TakeNoMoreMemoryThanTheyMay) {
    const Scratch scratch;
    constexpr int count = 400, px = 256;
    constexpr double set_mb = count * px * px * 3 / 1e6, keep_mb = 8;
    {
        PngParts parts;
        parts.width = parts.height = px;
        const auto bytes = png_file(parts);
        io::ZipWriter zip(scratch_zip(scratch));
        for (int i = 0; i < count; ++i) {
            zip.add(name_of(i), bytes);
        }
        zip.finish();
    }
    DatasetOptions options;
    options.keep = static_cast<std::uint64_t>(keep_mb * 1e6);
    const auto data = std::make_shared<const Dataset>(scratch_zip(scratch), options);
    const double before = resident_mb();
    double most = 0;
    Loader loader(data, 8, 1, 0, 2);
    for (int i = 0; i < 2 * count / 8; ++i) {
        loader.next();
        most = std::max(most, resident_mb() - before);
    }
    const double batches_mb = 5 * 8 * px * px * 3 / 1e6;
    std::printf("a set of %.1f MB, of which %.1f may stay: %.1f MB more while it is read\n", set_mb, keep_mb, most);
    EXPECT_LT(most, keep_mb + batches_mb + 12); // and what decoding takes for a while
    EXPECT_GT(set_mb, 2 * (keep_mb + batches_mb + 12)) << "else all of it could be there";
}

// A thousand classes for each of many pictures.
TEST(LabelsInMemory, AreTheirNumbersAlone) {
    const train::Labels labels({}, {999, 0, 3}, {});
    EXPECT_EQ(labels.width(), 1000);
    EXPECT_TRUE(labels.one_hot());
    std::vector<float> row(1000, 7);
    labels.copy(0, row.data());
    EXPECT_EQ(row[999], 1);
    EXPECT_EQ(std::count(row.begin(), row.end(), 0.0F), 999);
    const train::Labels vectors({{1, 2}, {3, 4}}, {}, {});
    EXPECT_FALSE(vectors.one_hot());
    vectors.copy(1, row.data());
    EXPECT_EQ(row[0], 3);
    EXPECT_EQ(row[1], 4);
}

} // namespace
