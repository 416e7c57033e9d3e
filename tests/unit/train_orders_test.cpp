// SPDX-License-Identifier: Apache-2.0
// What stands between a run's thread and those who ask: orders in their turn, stops before them, what is published
// when.
#include <thread>

#include <gtest/gtest.h>

#include "train/train_orders.h"

namespace atelier::train {
namespace {

using Kind = TrainOrders::Order::Kind;

class Orders : public ::testing::Test {
protected:
    Orders() {
        orders_.begin(2);
        orders_.change([](TrainStatus& s) { s.state = TrainState::running; });
    }
    TrainOrders orders_;
};

TEST_F(Orders, ComeInTheirTurnThenTheRunGoesOn) {
    orders_.command(TrainCommand::save);
    orders_.command(TrainCommand::pause);
    EXPECT_EQ(orders_.next(false, false).command, TrainCommand::save);
    const auto second = orders_.next(false, false);
    EXPECT_EQ(second.kind, Kind::command);
    EXPECT_EQ(second.command, TrainCommand::pause);
    EXPECT_EQ(orders_.status().state, TrainState::pausing);
    EXPECT_EQ(orders_.next(false, false).kind, Kind::go_on);
}

TEST_F(Orders, AStopComesBeforeWhatWaits) {
    orders_.command(TrainCommand::save);
    orders_.command(TrainCommand::stop);
    EXPECT_TRUE(orders_.stopped());
    EXPECT_EQ(orders_.next(false, false).kind, Kind::stop);
    EXPECT_EQ(orders_.status().state, TrainState::stopping);
}

TEST_F(Orders, AStopOfAWatcherIsAnswered) {
    const auto before = orders_.status().answered;
    orders_.stop("asked by a watcher", "It stops.");
    const TrainStatus now = orders_.status();
    EXPECT_EQ(now.answered, before + 1);
    EXPECT_EQ(now.message, "It stops.");
    EXPECT_EQ(now.stage, "asked by a watcher");
    EXPECT_EQ(orders_.next(true, false).kind, Kind::stop);
}

TEST_F(Orders, WhatTheStateHasNoPlaceForIsNotKept) {
    orders_.command(TrainCommand::resume); // it is not paused
    EXPECT_EQ(orders_.next(false, false).kind, Kind::go_on);
    orders_.change([](TrainStatus& s) { s.state = TrainState::finished; });
    orders_.command(TrainCommand::snapshot);
    EXPECT_EQ(orders_.next(false, false).kind, Kind::go_on);
}

TEST_F(Orders, PausedItWaitsForAnOrder) {
    std::jthread asks([&] { orders_.command(TrainCommand::save); });
    TrainOrders::Order order;
    while ((order = orders_.next(true, false)).kind == Kind::look) {
        EXPECT_FALSE(order.publish);
    }
    EXPECT_EQ(order.command, TrainCommand::save);
}

TEST_F(Orders, WhatIsWantedAnewIsPublishedWhilePausedAndOnce) {
    orders_.want(false, false);
    orders_.want(true, false);
    EXPECT_TRUE(orders_.next(true, true).publish);
    const auto due = orders_.publication(false, 0, 1);
    EXPECT_TRUE(due.due && due.weights);
    EXPECT_FALSE(orders_.publication(false, 0, 1).due) << "nothing new, and too soon";
}

TEST_F(Orders, PublicationsComeAfterTheirTimeOrByForce) {
    orders_.change([](TrainStatus& s) { s.augmented = std::make_shared<PixelBuffer>(); });
    orders_.want(false, false);
    EXPECT_FALSE(orders_.publication(false, 0.5, 1).due);
    const auto in_time = orders_.publication(false, 1.5, 1);
    EXPECT_TRUE(in_time.due);
    EXPECT_FALSE(in_time.weights || in_time.augmented) << "nobody looks";
    const auto forced = orders_.publication(true, 0, 1);
    EXPECT_TRUE(forced.due && forced.weights && forced.augmented);
}

TEST_F(Orders, ANewRunForgetsWhatWasAsked) {
    orders_.change([](TrainStatus& s) { s.weights = 7; });
    orders_.command(TrainCommand::save);
    orders_.command(TrainCommand::stop);
    orders_.begin(3);
    EXPECT_FALSE(orders_.stopped());
    EXPECT_EQ(orders_.next(false, false).kind, Kind::go_on);
    const TrainStatus now = orders_.status();
    EXPECT_EQ(now.weights, 7U) << "counts on, so that nobody takes new ones for old";
    EXPECT_EQ(now.total_kimg, 3);
    EXPECT_EQ(now.state, TrainState::preparing);
    orders_.abandon();
    EXPECT_TRUE(orders_.stopped());
    EXPECT_EQ(orders_.status().state, TrainState::preparing) << "nothing is told";
}

} // namespace
} // namespace atelier::train
