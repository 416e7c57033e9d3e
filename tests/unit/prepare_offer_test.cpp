// SPDX-License-Identifier: Apache-2.0
// Limits that follow the size of the set, and what is offered where they keep nothing.
#include <algorithm>

#include <gtest/gtest.h>

#include "prepare/offer.h"

namespace atelier::prepare {
namespace {

CutOptions faces(int size = 64) {
    CutOptions options;
    options.mode = Mode::faces;
    options.size = size;
    return options;
}

// A face that nothing is wrong with, each another picture.
Item face(double sharpness, int number) {
    Item item;
    item.crop = 0;
    item.name = "face " + std::to_string(number);
    Scores& s = item.facts.scores;
    s.face = 2;
    s.source = 1000;
    s.eyes = s.mouth = s.skin = s.fit = 1;
    s.sharpness = sharpness;
    s.exposure = 1;
    s.hash = 0x9e3779b97f4a7c15ULL * static_cast<std::uint64_t>(number + 1);
    s.digest = item.name;
    return item;
}

std::vector<Item> portraits() { // 21, of which 18 have a sharpness of 0.223 or more
    std::vector<Item> items;
    for (int i = 0; i < 21; ++i)
        items.push_back(face(i < 3 ? 0.05 + 0.01 * i : 0.223 + 0.002 * i, i));
    return items;
}

std::size_t kept(std::vector<Item> items, const CutOptions& options, const Thresholds& limits) {
    judge(items, options, limits, false);
    return static_cast<std::size_t>(std::ranges::count_if(items, &Item::kept));
}

TEST(Limits, ASharpPortraitPassesAtEverySize) {
    // What the sharp portrait of libdlib's examples scores at these sizes.
    const std::pair<int, double> scores[] = {{64, 0.23}, {128, 0.43}, {256, 0.57}, {512, 0.57}};
    for (const auto& [size, score] : scores)
        EXPECT_EQ(kept({face(score, 1)}, faces(size), default_thresholds(faces(size))), 1U) << size;
    // And a blurred one, 0.22 at 512, doesn't.
    const std::pair<int, double> blurred[] = {{64, 0.13}, {128, 0.20}, {256, 0.22}, {512, 0.22}};
    for (const auto& [size, score] : blurred)
        EXPECT_EQ(kept({face(score, 1)}, faces(size), default_thresholds(faces(size))), 0U) << size;
    EXPECT_EQ(default_thresholds(faces(256)).sharpness, 0.3);
    EXPECT_EQ(default_thresholds(faces(1024)).sharpness, 0.3);
    EXPECT_EQ(default_thresholds({}).sharpness, 0) << "plain pictures have none";
}

TEST(Offer, NamesTheLimitThatKeepsTheMost) {
    Thresholds limits = default_thresholds(faces());
    limits.sharpness = 0.3;
    const auto offer = offer_limit(portraits(), faces(), limits, false);
    ASSERT_TRUE(offer);
    EXPECT_EQ(offer->words, "Sharpness 0.22 keeps 18 of 21");
    ASSERT_EQ(offer->changes.size(), 1U);
    EXPECT_EQ(offer->changes[0].first, "min-sharpness");
    limits.sharpness = offer->changes[0].second;
    EXPECT_EQ(kept(portraits(), faces(), limits), offer->kept) << "it keeps what it says";
    EXPECT_EQ(offer_limit(portraits(), faces(), limits, false), std::nullopt) << "something is kept";
}

TEST(Offer, LoosensAnAngleUpwards) {
    std::vector<Item> items = portraits();
    for (Item& item : items) {
        item.facts.scores.sharpness = 1;
        item.facts.scores.yaw = -40.5;
    }
    const auto offer = offer_limit(items, faces(), default_thresholds(faces()), false);
    ASSERT_TRUE(offer);
    EXPECT_EQ(offer->words, "Turned 41° keeps 21 of 21");
}

TEST(Offer, LoosensAllWhereNoSingleLimitIsEnough) {
    std::vector<Item> items = portraits();
    for (Item& item : items) {
        item.facts.scores.sharpness = 0.01;
        item.facts.scores.yaw = 60;
    }
    const auto offer = offer_limit(items, faces(), default_thresholds(faces()), false);
    ASSERT_TRUE(offer);
    EXPECT_EQ(offer->words, "No limits keep 21 of 21");
    Thresholds open = default_thresholds(faces());
    open.sharpness = 0;
    open.yaw = 180;
    EXPECT_EQ(kept(items, faces(), open), 21U);
}

TEST(Offer, IsNoneWhereNoLimitIsInTheWay) {
    std::vector<Item> items = portraits();
    for (Item& item : items)
        item.crop = -1; // no face was found
    EXPECT_EQ(offer_limit(items, faces(), default_thresholds(faces()), false), std::nullopt);
    EXPECT_EQ(offer_limit({}, faces(), default_thresholds(faces()), false), std::nullopt);
}

} // namespace
} // namespace atelier::prepare
