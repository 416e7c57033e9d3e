// SPDX-License-Identifier: Apache-2.0
// The studio played by OSC: every parameter of the table and every trigger, as a hand would do it, and nothing that is
// closed.
#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lo/lo.h>

#include "studio/performance/performance_log.h"
#include "studio/state/lanes.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using namespace studio;
using ::testing::ElementsAre;
using ::testing::Pair;

class NetworkLinkTest : public ::testing::Test {
protected:
    ~NetworkLinkTest() override {
        if (address_)
            lo_address_free(address_);
    }
    Live& live() { return stage_.studio->live; }
    StudioState& state() { return stage_.state(); }
    net::Network& network() { return live().network.network; }
    void listen() {
        NetworkOptions& options = stage_.studio->settings.network.options;
        options.osc = true;
        options.osc_port = 0;
        stage_.frame();
        ASSERT_TRUE(network().osc().on) << network().osc().problem;
        address_ = lo_address_new("127.0.0.1", std::to_string(network().osc().port).c_str());
    }
    void send(const std::string& id, double value) {
        ASSERT_GT(lo_send(address_, net::osc_path_of(id).c_str(), "d", value), 0) << id;
    }
    // Until the network's thread has read all that was sent; then a turn.
    void after(std::uint64_t messages) {
        ASSERT_TRUE(stage_.soon([&] { return network().counts.messages() >= messages; }));
        stage_.frame();
    }

    Stage stage_;
    lo_address address_ = nullptr;
};

TEST_F(NetworkLinkTest, NothingListensByItself) {
    stage_.frames(10);
    EXPECT_FALSE(network().listens());
    EXPECT_FALSE(live().busy());
    EXPECT_TRUE(network().mirror.table()->all().empty()) << "nobody is told anything";
}

TEST_F(NetworkLinkTest, EveryParameterOfTheTableArrivesWithinItsRange) {
    state().directions.push_back({"first", {.method = "sefa", .index = 3}});
    state().directions.push_back({"second", {.method = "sefa", .index = 3}});
    listen();
    const StudioState before = state(); // from which each begins: a walk that doesn't loop stops by itself
    std::uint64_t sent = 0;
    int seen = 0;
    for (const double factor : {-10.0, 10.0, 0.25}) {
        for (const ParameterRef each : parameters_of(state())) {
            if (!each->has_value())
                continue;
            ++seen;
            state() = before;
            const std::string id = id_of(state(), each);
            const double range = each->max - each->min;
            const double value = each->min + range * factor;
            // What the same value by hand leaves, for some are bound to others.
            StudioState by_hand = state();
            set_value(by_hand, each, value);
            const double expected = value_of(by_hand, each);
            EXPECT_GE(expected, each->min) << id;
            EXPECT_LE(expected, each->max) << id;
            send(id, value);
            after(++sent);
            EXPECT_EQ(value_of(state(), each), expected) << id << " from " << value;
        }
    }
    EXPECT_GT(seen, 3 * 60);
    EXPECT_GT(network().counts.of(net::Refusal::clamped), static_cast<std::uint64_t>(seen) / 2);
    EXPECT_EQ(network().counts.of(net::Refusal::wrong_type), 0u);
    EXPECT_TRUE(live().heard().empty()) << "none of them is a source";
    EXPECT_TRUE(state().timeline.touched.empty());
}

TEST_F(NetworkLinkTest, TheNetworkIsToldEveryParameterAsItIs) {
    listen();
    stage_.frame();
    const auto view = network().mirror.view();
    std::map<std::string, double> told;
    for (std::size_t i = 0; i < view.values.size(); ++i)
        told[view.table->all()[i].id] = view.values[i];
    for (const ParameterRef each : parameters_of(state())) {
        if (each->has_value()) {
            EXPECT_EQ(told.at(id_of(state(), each)), value_of(state(), each)) << id_of(state(), each);
        } else if (each->scale == Scale::trigger) {
            EXPECT_TRUE(told.contains(id_of(state(), each)));
        }
    }
    EXPECT_TRUE(told.contains("atelier.beat"));
    EXPECT_TRUE(told.contains("atelier.training.kimg"));
    const std::uint64_t changes = network().mirror.changes();
    state().truncation.psi = 0.125;
    stage_.frame();
    EXPECT_GT(network().mirror.changes(), changes);
    EXPECT_EQ(network().mirror.view().values[*view.table->find("/truncation/psi")], 0.125);
    // Another list of directions is another table.
    state().directions.push_back({"new", {.method = "sefa", .index = 1}});
    stage_.frame();
    EXPECT_TRUE(network().mirror.table()->find("/direction/sefa:1/amount"));
}

TEST_F(NetworkLinkTest, EveryTriggerIsPulledByItsPathAndAsAVerb) {
    std::map<std::pair<Trigger, int>, int> pulled;
    live().pull = [&](Trigger which, int instance) { ++pulled[{which, instance}]; };
    listen();
    std::uint64_t sent = 0;
    int triggers = 0;
    for (const ParameterRef each : parameters_of(state())) {
        if (each->scale != Scale::trigger)
            continue;
        ++triggers;
        const std::string path = net::osc_path_of(id_of(state(), each));
        const std::string verb = "/atelier" + path.substr(path.find('/', 1));
        ASSERT_GT(lo_send(address_, path.c_str(), ""), 0);
        ASSERT_GT(lo_send(address_, verb.c_str(), "f", 1.0F), 0);
        ASSERT_GT(lo_send(address_, verb.c_str(), "f", 0.0F), 0); // let go of
        after(sent += 3);
        EXPECT_EQ((pulled[{each->trigger, each.instance}]), 2) << path;
    }
    EXPECT_GT(triggers, 20);
    EXPECT_EQ(pulled.size(), static_cast<std::size_t>(triggers));
}

TEST_F(NetworkLinkTest, ClosedParametersStayAsTheyAre) {
    stage_.studio->settings.network.closed_parameters = {"truncation.psi"};
    listen();
    send("truncation.psi", 0.25);
    send("noise.strength", 0.25);
    after(2);
    EXPECT_EQ(state().truncation.psi, default_psi);
    EXPECT_EQ(state().noise.strength, 0.25F);
    stage_.studio->settings.network.closed = true;
    stage_.frame();
    send("noise.strength", 1.5);
    after(3);
    EXPECT_EQ(state().noise.strength, 0.25F);
    stage_.studio->settings.network = {stage_.studio->settings.network.options, false, {}};
    stage_.frame();
    send("truncation.psi", 0.25);
    after(4);
    EXPECT_EQ(state().truncation.psi, 0.25);
    EXPECT_EQ(network().counts.of(net::Refusal::closed), 2u);
}

TEST_F(NetworkLinkTest, AHandOnTheSliderWins) {
    listen();
    stage_.move(stage_.place("psi", 0, 0.5F));
    stage_.press();
    stage_.move(stage_.place("psi", 0, 0.6F));
    const double by_hand = state().truncation.psi;
    send("truncation.psi", 2);
    after(1);
    EXPECT_EQ(state().truncation.psi, by_hand);
    stage_.release();
    stage_.frame();
    send("truncation.psi", 2);
    after(2);
    EXPECT_EQ(state().truncation.psi, 2);
}

TEST_F(NetworkLinkTest, WhatIsSetIsTakenOverFromTheTimeline) {
    for (const double value : {0.2, 1.0}) {
        state().truncation.psi = value;
        stage_.settle();
        stage_.letter('k');
        stage_.settle();
    }
    stage_.studio->library.timeline.scrub(1);
    stage_.settle();
    ASSERT_TRUE(timeline_drives(state()));
    listen();
    send("truncation.psi", 0.5);
    after(1);
    EXPECT_THAT(state().timeline.touched, ElementsAre("truncation"));
    EXPECT_EQ(state().truncation.psi, 0.5);
}

TEST_F(NetworkLinkTest, OtherAddressesMoveWhatIsConnected) {
    listen();
    live().learn("truncation.psi");
    for (const float value : {0.0F, 0.5F, 1.0F}) {
        ASSERT_GT(lo_send(address_, "/fader/1", "f", value), 0);
        ASSERT_TRUE(stage_.soon([&] { return !live().heard().empty() && live().heard()[0].value == value; }));
    }
    ASSERT_EQ(live().state.connections.size(), 1u);
    EXPECT_EQ(live().state.connections[0].source, "osc/fader/1");
    EXPECT_EQ(live().state.connections[0].target, "truncation.psi");
}

TEST(NetworkLog, WhatCameByOscIsInTheLogAsValues) {
    const test::Scratch scratch;
    StudioOptions options;
    options.settings_file = scratch / "studio.json";
    std::filesystem::path log;
    {
        Stage stage(64, 10, options);
        stage.studio->settings.network.options.osc = true;
        stage.studio->settings.network.options.osc_port = 0;
        stage.frame();
        net::Network& network = stage.studio->live.network.network;
        ASSERT_TRUE(network.osc().on) << network.osc().problem;
        const lo_address address = lo_address_new("127.0.0.1", std::to_string(network.osc().port).c_str());
        ASSERT_GT(lo_send(address, "/truncation/psi", "d", 0.375), 0);
        lo_address_free(address);
        ASSERT_TRUE(stage.soon([&] { return stage.state().truncation.psi == 0.375; }));
        stage.frames(10);
        log = stage.studio->capture.performance.last_log();
    }
    const Performance performance = load_performance(log);
    EXPECT_NE(performance.state.truncation.psi, 0.375);
    EXPECT_TRUE(std::ranges::any_of(performance.events, [](const PerformanceEvent& each) {
        return each.state.find("0.375") != std::string::npos;
    }));
}

TEST(LiveHears, AFloodOfNamesLeavesTheNewestAlone) {
    Stage stage;
    Live& live = stage.studio->live;
    for (int i = 0; i < 10000; ++i)
        live.hub.set("osc/flood/" + std::to_string(i), 0.5);
    stage.frame();
    EXPECT_EQ(live.heard().size(), 64u);
}

} // namespace
} // namespace atelier::testing
