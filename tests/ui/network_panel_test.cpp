// SPDX-License-Identifier: Apache-2.0
// The NETWORK section: every control of it does what it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lo/lo.h>

#include "ui/stage.h"

namespace atelier::testing {
namespace {

using namespace studio;

class NetworkPanel : public ::testing::Test {
protected:
    NetworkPanel() : stage_(64, 10, {}, {1280, 1600}) {
        stage_.fold({"CUES", "CONNECTIONS", "CLOCK"});
        stage_.unfold("NETWORK");
        NetworkOptions& options = settings().options;
        options.osc_port = options.query_port = options.artnet_port = 0;
        stage_.frames(3);
    }
    NetworkSettings& settings() { return stage_.studio->settings.network; }
    NetworkLink& link() { return stage_.studio->live.network; }
    void type_into(const std::string& field, const std::string& text) {
        stage_.click(field);
        stage_.type(text); // beside what stands there
        stage_.click(ImVec2{900, 700});
    }
    void osc(const char* path, float value) {
        const lo_address address = lo_address_new("127.0.0.1", std::to_string(link().network.osc().port).c_str());
        ASSERT_GT(lo_send(address, path, "f", value), 0);
        lo_address_free(address);
    }

    Stage stage_;
};

TEST_F(NetworkPanel, SwitchesAreShownAloneWhileAllIsOff) {
    for (const char* each : {"##osc", "##query", "##artnet", "##osc-out"})
        EXPECT_TRUE(stage_.has(each)) << each;
    for (const char* each : {"osc-address", "query-port", "##network-closed", "##forget-traffic"})
        EXPECT_FALSE(stage_.has(each)) << each;
}

TEST_F(NetworkPanel, EachSwitchStartsItsPart) {
    stage_.click("##osc");
    EXPECT_TRUE(settings().options.osc);
    EXPECT_TRUE(link().network.osc().on);
    EXPECT_FALSE(stage_.has("osc-address")) << "until it is asked for";
    stage_.click("##osc-edit");
    EXPECT_TRUE(stage_.has("osc-address"));
    EXPECT_TRUE(stage_.has("osc-port"));
    stage_.click("##query");
    EXPECT_TRUE(link().network.query().on);
    stage_.click("##query-edit");
    EXPECT_TRUE(stage_.has("query-address"));
    EXPECT_TRUE(stage_.has("query-port"));
    stage_.click("##query-sets");
    EXPECT_TRUE(settings().options.query_may_set);
    stage_.click("##artnet");
    EXPECT_TRUE(link().network.artnet().on);
    stage_.click("##artnet-edit");
    for (const char* each : {"artnet-address", "artnet-port", "artnet-universe", "artnet-universes"})
        EXPECT_TRUE(stage_.has(each)) << each;
    stage_.click("##osc-out");
    EXPECT_TRUE(link().network.out().on);
    stage_.click("##out-edit");
    EXPECT_TRUE(stage_.has("out-address"));
    EXPECT_TRUE(stage_.has("out-port"));
    stage_.click("##network-closed");
    EXPECT_TRUE(settings().closed);
    EXPECT_TRUE(link().network.mirror.closed());
    for (const auto& mark : stage_.marks())
        EXPECT_TRUE(mark.explained) << mark.id << " has no tooltip";
    for (const char* each : {"##osc", "##query", "##artnet", "##osc-out"})
        stage_.click(each);
    EXPECT_FALSE(link().active());
}

TEST_F(NetworkPanel, WhatIsTypedIsInForceOnceItRests) {
    stage_.click("##artnet");
    stage_.click("##artnet-edit");
    type_into("artnet-universe", "7");
    EXPECT_EQ(settings().options.artnet_universe, 7);
    stage_.frames(60);
    EXPECT_EQ(link().network.options().artnet_universe, 7);
    type_into("artnet-address", "x");
    stage_.frames(60);
    EXPECT_FALSE(link().network.artnet().on);
    EXPECT_THAT(link().network.artnet().problem, ::testing::HasSubstr("no address"));
    stage_.click("##artnet-edit");
    EXPECT_TRUE(stage_.has("artnet-address")) << "what is wrong can be mended at once";
}

TEST_F(NetworkPanel, CopiesThePagesAddress) {
    stage_.click("##query");
    stage_.frames(2);
    stage_.click("##copy-page");
    EXPECT_EQ(std::string(ImGui::GetClipboardText()),
              "http://127.0.0.1:" + std::to_string(link().network.query().port) + "/");
}

TEST_F(NetworkPanel, ListsWhatComesAndConnectsIt) {
    stage_.click("##osc");
    EXPECT_FALSE(stage_.has("##connect"));
    osc("/fader/1", 0.5F);
    ASSERT_TRUE(stage_.soon([&] { return stage_.has("##connect"); }));
    stage_.click("##connect");
    ASSERT_TRUE(stage_.has("##target"));
    link().form.targets = "psi";
    stage_.frame();
    stage_.click("##target");
    ASSERT_EQ(stage_.studio->live.state.connections.size(), 1u);
    EXPECT_EQ(stage_.studio->live.state.connections[0].source, "osc/fader/1");
    EXPECT_EQ(stage_.studio->live.state.connections[0].target, "truncation.psi");
    // A control that waits takes it with one click.
    stage_.studio->live.learn("noise.strength");
    stage_.frame();
    stage_.click("##connect");
    ASSERT_EQ(stage_.studio->live.state.connections.size(), 2u);
    EXPECT_EQ(stage_.studio->live.state.connections[1].target, "noise.strength");
    EXPECT_EQ(stage_.studio->live.learning(), "");

    stage_.click("##forget-traffic");
    stage_.frames(2);
    EXPECT_FALSE(stage_.has("##connect"));
    EXPECT_EQ(link().network.counts.messages(), 0u);
}

TEST_F(NetworkPanel, ClosesASingleParameter) {
    stage_.click("##osc");
    ASSERT_TRUE(stage_.has("Open parameters"));
    stage_.click("Open parameters");
    ASSERT_TRUE(stage_.has("##open-parameter"));
    link().form.filter = "psi";
    stage_.frames(2);
    stage_.click("##open-parameter");
    EXPECT_THAT(settings().closed_parameters, ::testing::ElementsAre("truncation.psi"));
    stage_.frame();
    osc("/truncation/psi", 0.25F);
    EXPECT_TRUE(stage_.soon([&] { return link().network.counts.of(net::Refusal::closed) == 1; }));
    EXPECT_EQ(stage_.state().truncation.psi, default_psi);
    stage_.click("##open-parameter");
    EXPECT_TRUE(settings().closed_parameters.empty());
}

} // namespace
} // namespace atelier::testing
