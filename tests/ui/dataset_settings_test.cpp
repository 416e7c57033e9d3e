// SPDX-License-Identifier: Apache-2.0
// What the Data panel's values become: names of sets, limits, crops, settings.
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "studio/core/dataset_settings.h"
#include "support/scratch.h"

namespace atelier::studio {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using prepare::Point;

class SetNames : public ::testing::Test {
protected:
    SetNames() {
        fs::create_directories(in / "sub");
        std::ofstream(in / "a.png") << "a";
        std::ofstream(scratch / "more.zip") << "a";
    }
    test::Scratch scratch;
    fs::path in = scratch.path() / "in", elsewhere = "/elsewhere";
};

TEST_F(SetNames, LieBesideTheInputsAndNeverInThem) {
    EXPECT_EQ(propose_set({in}, elsewhere), scratch / "in-set.zip");
    EXPECT_EQ(propose_set({in / "a.png"}, elsewhere), scratch / "in-set.zip") << "a picture stands for its folder";
    EXPECT_EQ(propose_set({scratch / "more.zip"}, elsewhere), scratch / "more-set.zip");
    EXPECT_EQ(propose_set({in / "sub", in}, elsewhere), scratch / "sub-set.zip") << "beside the outer one";
    std::ofstream(scratch / "in-set.zip") << "a";
    EXPECT_EQ(propose_set({in}, elsewhere), scratch / "in-set-2.zip");
    EXPECT_EQ(work_folder_of({in}, elsewhere), scratch / "in-set.zip.work") << "whatever sets are there";
    EXPECT_EQ(propose_set({"/"}, elsewhere), elsewhere / "pictures-set.zip");
    if (geteuid() != 0) {
        EXPECT_EQ(propose_set({"/usr/share"}, elsewhere), elsewhere / "share-set.zip") << "it can't be written to";
    }
}

TEST_F(SetNames, SayWhyTheyCantBe) {
    EXPECT_EQ(why_no_set((scratch / "set.zip").string(), {in}), "");
    EXPECT_EQ(why_no_set((scratch / "new").string(), {in}), "");
    for (const fs::path& wrong : {fs::path(), fs::path("set.zip"), in / "set.zip", in / "sub" / "set.zip", in,
                                  scratch / "more.zip" / "", scratch.path()})
        EXPECT_NE(why_no_set(wrong.string(), {in}), "") << wrong;
    EXPECT_NE(why_no_set((in / "set.zip").string(), {in / "a.png"}), "");
}

TEST(DataCrops, StayInsideWhereTheyLay) {
    const std::array<Point, 4> crop{{{0.25, 0}, {0.75, 0}, {0.75, 1}, {0.25, 1}}};
    const CropChange left = kept_inside(crop, {-9, -9, 1}, 200, 100);
    EXPECT_NEAR(left.x, -0.25, 1e-12);
    EXPECT_EQ(left.y, 0);
    EXPECT_EQ(kept_inside(crop, {0, 0, 7}, 200, 100).scale, 1) << "as high as the picture is";
    EXPECT_NEAR(kept_inside(crop, {0, 0, 0.001}, 200, 100).scale, 0.16, 1e-12) << "16 px";
    const auto corners = changed_crop(crop, {0.1, 0, 0.5});
    EXPECT_NEAR(corners[0].x, 0.475, 1e-12);
    EXPECT_NEAR(corners[2].y, 0.75, 1e-12);
    // Padded and turned crops reach beyond the picture anyway; their middle stays in it.
    const std::array<Point, 4> wide{{{0, -0.5}, {1, -0.5}, {1, 1.5}, {0, 1.5}}};
    EXPECT_NEAR(kept_inside(wide, {5, 5, 3}, 200, 100).x, 0.5, 1e-12);
    EXPECT_EQ(kept_inside(wide, {0, 0, 3}, 200, 100).scale, 3);
}

TEST(DataSettings, ComeBackAndNonsenseIsDropped) {
    DatasetSettings requests;
    requests.cut.mode = prepare::Mode::faces;
    requests.cut.size = 256;
    requests.cut.ratio_width = 5, requests.cut.ratio_height = 4;
    requests.cut.network_width = 3, requests.cut.network_height = 2;
    requests.cut.alpha = true;
    requests.cut.fit = prepare::Fit::pad, requests.cut.fill = prepare::Fill::reflect;
    requests.every = 2.5, requests.labels = true;
    requests.plain["min-source"] = 100, requests.faces[near_limit] = 4;
    EXPECT_EQ(dataset_settings_of(to_json(requests)), requests);
    EXPECT_TRUE(dataset_settings_of(json{{"size", 128}}).size_chosen) << "a file of before";
    EXPECT_FALSE(dataset_settings_of(json{{"size", 512}}).size_chosen) << "one with the size of before at first";
    const json odd{{"size", 100}, {"ratio", {0, 4}}, {"every", -1}, {"limits_plain", {{"min-source", 1e9}, {"x", 1}}}};
    const DatasetSettings read = dataset_settings_of(odd);
    EXPECT_EQ(read.cut, prepare::CutOptions());
    EXPECT_EQ(read.every, 0.04);
    EXPECT_THAT(read.plain, ::testing::ElementsAre(::testing::Pair("min-source", 4096)));
    for (const int side : {2048, 4096})
        EXPECT_EQ(dataset_settings_of(json{{"size", side}}).cut.size, side);
    EXPECT_EQ(dataset_settings_of(json{{"size", 8192}}).cut.size, prepare::CutOptions().size);
    for (const char* text : {"null", "7", R"({"size":"big"})", R"({"ratio":7})", R"({"fit":[]})"})
        EXPECT_EQ(dataset_settings_of(json::parse(text)), DatasetSettings()) << text;
}

TEST(DataLimits, FollowTheStandardUntilTheyAreMoved) {
    DatasetSettings requests;
    prepare::Thresholds standard;
    standard.source = 256;
    standard.near = 6;
    EXPECT_EQ(limits_of(requests, standard), standard);
    requests.plain = {{"min-source", 10}, {"max-yaw", 20}, {near_limit, -1}, {equal_limit, 0}};
    const prepare::Thresholds limits = limits_of(requests, standard);
    EXPECT_EQ(limits.source, 10);
    EXPECT_EQ(limits.yaw, 20);
    EXPECT_EQ(limits.near, -1);
    EXPECT_FALSE(limits.duplicates);
    requests.cut.mode = prepare::Mode::faces;
    EXPECT_EQ(limits_of(requests, standard), standard) << "each mode has its own";
}

} // namespace
} // namespace atelier::studio
