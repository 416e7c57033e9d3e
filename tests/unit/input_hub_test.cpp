// SPDX-License-Identifier: Apache-2.0
// Where sources leave what they say: the newest value, hits, bounds, threads.
#include <limits>
#include <map>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inputs/input_hub.h"

namespace {

using namespace atelier;
using testing::ElementsAre;
using testing::SizeIs;

TEST(Hub, KeepsTheNewestAndCountsHits) {
    inputs::InputHub hub;
    hub.set("b", 0.2);
    hub.set("b", 0.4);
    hub.hit("a", 0.5);
    hub.hit("a", 0.7);
    const auto news = hub.take();
    ASSERT_THAT(news, SizeIs(2));
    EXPECT_EQ(news[0].source, "a");
    EXPECT_EQ(news[0].hits, 2);
    EXPECT_EQ(news[0].strength, 0.7);
    EXPECT_EQ(news[1].value, 0.4);
    EXPECT_THAT(hub.take(), SizeIs(0));
}

TEST(Hub, IsBoundedAndTakesNoNonsense) {
    inputs::InputHub hub;
    hub.set("x", std::numeric_limits<double>::quiet_NaN());
    hub.hit("x", std::numeric_limits<double>::infinity());
    EXPECT_THAT(hub.take(), SizeIs(0));
    EXPECT_EQ(hub.refused(), 2u);
    for (std::size_t i = 0; i < inputs::most_sources + 100; ++i)
        hub.set(fmt::format("s{}", i), 7);
    const auto news = hub.take();
    EXPECT_THAT(news, SizeIs(inputs::most_sources));
    EXPECT_EQ(news[0].value, 1) << "clamped";
    EXPECT_EQ(hub.refused(), 102u);
    for (int i = 0; i < 1000; ++i)
        hub.hit("s0");
    EXPECT_EQ(hub.take()[0].hits, inputs::most_hits);
}

TEST(Hub, TakesFromManyThreads) {
    inputs::InputHub hub;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&hub, t] {
            for (int i = 0; i <= 5000; ++i)
                hub.set(fmt::format("t{}", t), i / 5000.0);
        });
    std::map<std::string, double> newest;
    const auto take = [&] {
        for (const SourceReading& each : hub.take())
            newest[each.source] = each.value;
    };
    for (int i = 0; i < 100; ++i)
        take();
    for (auto& each : threads)
        each.join();
    take();
    EXPECT_THAT(newest, ElementsAre(std::pair("t0", 1), std::pair("t1", 1), std::pair("t2", 1), std::pair("t3", 1)));
}

} // namespace
