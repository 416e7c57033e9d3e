// SPDX-License-Identifier: Apache-2.0
// What decides a preview's block: the best of three rounds, and the highest block whose sum fits. With made-up times.
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "engine/block_costs.h"

namespace {

using namespace atelier;

void add_all(BlockCosts& costs, const std::vector<double>& times) {
    for (const double ms : times) {
        costs.add(ms);
    }
}

TEST(BlockCosts, AsksForEachBlockInThreeRounds) {
    BlockCosts costs({4, 8, 16});
    std::vector<int> asked, below;
    while (const auto step = costs.next()) {
        EXPECT_EQ(step->round, static_cast<int>(asked.size() / 3));
        asked.push_back(step->resolution);
        below.push_back(step->below);
        costs.add(1);
    }
    EXPECT_EQ(asked, (std::vector{4, 8, 16, 4, 8, 16, 4, 8, 16}));
    EXPECT_EQ(below, (std::vector{0, 4, 8, 0, 4, 8, 0, 4, 8}));
}

TEST(BlockCosts, TheBestRoundCounts) {
    BlockCosts costs({4, 8, 16, 32});
    add_all(costs, {1, 5, 3});
    EXPECT_TRUE(costs.up_to_each().empty());
    costs.add(4);
    EXPECT_EQ(costs.up_to_each(), (std::vector<double>{1, 6, 9, 13}));
    add_all(costs, {2, 2, 2, 2});
    EXPECT_EQ(costs.up_to_each(), (std::vector<double>{1, 3, 5, 7}));
}

TEST(BlockCosts, TheHighestSumThatFits) {
    BlockCosts costs({4, 8, 16, 32, 64});
    add_all(costs, {1, 2, 4, 8, 16}); // 1 3 7 15 31
    EXPECT_EQ(costs.highest_within(31), 64);
    EXPECT_EQ(costs.highest_within(30.9), 32);
    EXPECT_EQ(costs.highest_within(15), 32);
    EXPECT_EQ(costs.highest_within(8), 16);
    EXPECT_EQ(costs.highest_within(0.5), 16) << "less than 16 px is no picture to steer by";
}

TEST(BlockCosts, OnlyWhatMayFitHasToBeTimed) {
    BlockCosts costs({4, 8, 16, 32, 64});
    EXPECT_FALSE(costs.decides(0.5));
    add_all(costs, {1, 2, 4, 8}); // 1 3 7 15
    EXPECT_TRUE(costs.decides(14.9));
    EXPECT_EQ(costs.highest_within(14.9), 16);
    EXPECT_FALSE(costs.decides(15)) << "64 px might cost nothing";
    EXPECT_EQ(costs.highest_within(15), 32);
    costs.add(16);
    EXPECT_TRUE(costs.decides(15));
    EXPECT_TRUE(costs.decides(1000));
}

TEST(BlockCosts, SmallModelsAndNone) {
    BlockCosts small({4, 8});
    add_all(small, {5, 5});
    EXPECT_EQ(small.highest_within(1), 8);
    const BlockCosts none;
    EXPECT_TRUE(none.decides(1));
    EXPECT_FALSE(none.next());
    EXPECT_TRUE(none.up_to_each().empty());
    EXPECT_EQ(none.highest_within(1e-6), std::numeric_limits<int>::max());
}

} // namespace
