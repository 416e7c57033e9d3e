// SPDX-License-Identifier: Apache-2.0
// The output window of the real program. Xvfb has one monitor only, so what two do is left to the tests without a
// window: here the output covers the studio.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "ui/studio_fixture.h"

namespace atelier::testing {
namespace {

using nlohmann::json;

class OutputWindow : public StudioFixture {
protected:
    void opens() {
        studio_->key("o");
        ASSERT_TRUE(studio_->wait([](const json& s) {
            return s["output"]["open"] == true && s["output"]["drawn"] > 0;
        })) << studio_->messages();
    }
    json output() { return studio_->state()["output"]; }
    bool output_becomes(const std::string& what, const json& value) {
        return studio_->wait([&](const json& s) { return s["output"][what] == value; });
    }
    // Its key goes to whatever window has the keyboard.
    void closes_by(const char* key) {
        studio_->key(key);
        ASSERT_TRUE(output_becomes("open", false)) << key;
        ASSERT_EQ(output()["wanted"], false);
    }
    bool settles() {
        return studio_->wait([](const json& s) { return s["settled"] == true; });
    }
};

TEST_F(OutputWindow, FillsTheMonitorWithThePictureAndGoesOnDrawingIt) {
    ASSERT_TRUE(settles());
    opens();
    const json monitors = output()["monitors"];
    ASSERT_GE(monitors.size(), 1U);
    const std::string label = output()["monitor"];
    const std::string size = label.substr(label.rfind(' ') + 1);
    EXPECT_EQ(size,
              std::to_string(output()["size"][0].get<int>()) + "x" + std::to_string(output()["size"][1].get<int>()))
        << "all of " << label;
    EXPECT_EQ(output()["corner"], "000000") << "black around it";
    EXPECT_NE(output()["middle"], "000000") << "the picture";

    const json still = output();
    studio_->key("space"); // the output window has the keyboard here, and hands it on
    ASSERT_TRUE(studio_->wait([&](const json& s) {
        return s["walk"]["playing"] == true && s["output"]["drawn"] > still["drawn"].get<int>() + 10 &&
               s["output"]["hash"] != still["hash"];
    })) << studio_->state().dump(1);
    const json pictures = studio_->state()["counters"]["pictures"];
    EXPECT_TRUE(studio_->wait([&](const json& s) { return s["counters"]["pictures"] > pictures; }))
        << "the studio plays on";
    studio_->key("space");
    ASSERT_TRUE(settles());
    closes_by("o");
    EXPECT_EQ(studio_->end(), 0) << studio_->messages();
}

TEST_F(OutputWindow, GoesBlackSharpAndStillWithTheStudioAndEscClosesItAlone) {
    ASSERT_TRUE(settles());
    opens();
    const json smooth = output();
    studio_->key("0");
    EXPECT_TRUE(output_becomes("middle", "000000"));
    studio_->key("0");
    EXPECT_TRUE(output_becomes("hash", smooth["hash"])) << "the same picture again";
    for (int i = 0; i < 10; ++i)
        studio_->key("shift+Next"); // the master
    EXPECT_TRUE(studio_->wait([&](const json& s) {
        return s["parameters"]["view.master"] < 0.51 && s["output"]["hash"] != smooth["hash"] &&
               s["output"]["middle"] != "000000";
    })) << studio_->state().dump(1);
    for (int i = 0; i < 10; ++i)
        studio_->key("shift+Prior");
    EXPECT_TRUE(output_becomes("hash", smooth["hash"])) << "in full light again";
    studio_->key("x");
    EXPECT_TRUE(studio_->wait([&](const json& s) { return s["output"]["hash"] != smooth["hash"]; }));
    studio_->key("x");
    EXPECT_TRUE(output_becomes("hash", smooth["hash"]));
    studio_->key("z");
    studio_->key("n");
    ASSERT_TRUE(
        studio_->wait([](const json& s) { return s["view"]["frozen"] == true && s["detour"]["kind"] == "seed"; }));
    EXPECT_EQ(output()["hash"], smooth["hash"]) << "frozen";
    studio_->key("z");
    EXPECT_TRUE(studio_->wait([&](const json& s) { return s["output"]["hash"] != smooth["hash"]; }));
    closes_by("Escape");
    studio_->key("x");
    EXPECT_TRUE(studio_->wait([](const json& s) { return s["view"]["pixels"] == true; }))
        << "the studio lives, and has the keyboard again";
    opens(); // and once more
    closes_by("o");
    EXPECT_EQ(studio_->end(), 0) << studio_->messages();
}

TEST_F(OutputWindow, IsPinnedForTheMonitorItFillsAndShowsTheTestCard) {
    ASSERT_TRUE(settles());
    opens();
    const json plain = output();
    const std::string monitor = plain["monitor"];
    closes_by("o");
    ASSERT_EQ(studio_->end(), 0) << studio_->messages();
    const auto start_with = [&](const std::string& label) {
        const json corners = {{0, 0}, {0.4, 0}, {0.4, 0.4}, {0, 0.4}}; // the upper left, without the middle
        const json folds = {{"CUES", false}, {"CONNECTIONS", false}, {"CLOCK", false}, {"PROJECTOR", true}};
        std::filesystem::create_directories(folder_ / "atelier");
        std::ofstream(folder_ / "atelier" / "studio.json") << json{
            {"projectors", {{label, {{"corners", corners}, {"gamma", 2}}}}}, {"folds", folds}, {"live_page", true}};
        start_studio(model());
    };
    start_with("another monitor 640x480");
    ASSERT_TRUE(settles());
    opens();
    EXPECT_EQ(output()["hash"], plain["hash"]) << "drawn as ever, to the bit";
    closes_by("o");
    ASSERT_EQ(studio_->end(), 0) << studio_->messages();

    start_with(monitor);
    ASSERT_TRUE(settles());
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["controls"].contains("##card"); }))
        << "the panel has asked for the monitors";
    opens();
    EXPECT_EQ(output()["middle"], "000000") << "the picture lies elsewhere";
    EXPECT_NE(output()["hash"], plain["hash"]);
    closes_by("o");
    studio_->click("##card");
    ASSERT_TRUE(output_becomes("card", true));
    opens();
    EXPECT_NE(output()["corner"], "000000") << "the card reaches into the corners";
    EXPECT_EQ(output()["middle"], "000000") << "pinned, too";
    closes_by("o");
    EXPECT_EQ(output()["card"], false);
    opens();
    EXPECT_EQ(output()["corner"], "000000") << "the picture again";
    closes_by("o");
    EXPECT_EQ(studio_->end(), 0) << studio_->messages();
}

} // namespace
} // namespace atelier::testing
