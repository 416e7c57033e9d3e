// SPDX-License-Identifier: Apache-2.0
// A first day with the studio, step by step on the real program, at the smallest size and on a large monitor. Each step
// waits for what it is to do, and leaves a picture of the window in ATELIER_FIRST_DAY_DIR, to be looked at.
#include <cstdlib>

#include <fmt/format.h>

#include "support/paths.h"
#include "support/xvfb_screen.h"
#include "ui/tour.h"

namespace atelier::testing {
namespace {

struct Monitor {
    int width, height;
    const char* scale;
};

class FirstDay : public TourBase, public ::testing::WithParamInterface<Monitor> {
protected:
    bool belongs(const json&, const json&) const override { return false; }
    std::string size() const override { return fmt::format("{}x{}", GetParam().width, GetParam().height); }
    std::string scale() const override { return GetParam().scale; }

    // What the window shows once it has been drawn.
    void shot(const std::string& name) {
        studio_->drawn_anew();
        const char* folder = std::getenv("ATELIER_FIRST_DAY_DIR");
        const char* screen = std::getenv("ATELIER_FIRST_DAY_SCREEN");
        if (folder == nullptr || screen == nullptr)
            return;
        std::filesystem::create_directories(folder);
        const auto file = std::filesystem::path(folder) / fmt::format("{}-{:02}-{}.png", size(), ++shots_, name);
        EXPECT_TRUE(test::save_screen(screen, GetParam().width, GetParam().height, file)) << file;
    }
    void until(const Condition& holds, const char* what) {
        if (!HasFatalFailure()) {
            ASSERT_TRUE(studio_->wait(holds)) << what << "\n" << studio_->state().dump(1);
        }
    }
    void key_until(const std::string& key, const Condition& holds) {
        if (HasFatalFailure())
            return;
        studio_->key(key);
        until(holds, key.c_str());
    }
    void open_section(const char* heading, const char* inside) {
        if (!at("/controls").contains(inside))
            press(heading, [&](const json& s) { return s["controls"].contains(inside); });
    }
    void fold(const char* heading, const char* inside) {
        if (at("/controls").contains(inside))
            press(heading, [&](const json& s) { return !s["controls"].contains(inside); });
    }
    void menu(const std::string& control, const std::string& item, const Condition& holds) {
        if (HasFatalFailure())
            return;
        studio_->click(control, "3");
        until([&](const json& s) { return s["controls"].contains(item); }, item.c_str());
        press(item, holds);
    }

    void morning();   // the walk, and what shapes the picture
    void noon();      // what moves by itself, and what is kept
    void afternoon(); // the timeline
    void evening();   // the show, files, training

    int shots_ = 0;
};

void FirstDay::morning() {
    until([](const json& s) { return s["settled"] == true; }, "the first picture");
    shot("opened");
    key_until("space", [](const json& s) { return s["walk"]["playing"] == true && s["position"] > 0.2; });
    shot("walking");
    press("##walk-beats", [](const json& s) { return s["walk"]["in_beats"] == true; });
    press("##tap-tempo", [](const json&) { return true; });
    press("##tap-tempo", [](const json& s) { return s["kept"]["bpm"] != 120.0; });
    shot("tempo");
    key_until("space", [](const json& s) { return s["walk"]["playing"] == false; });
    slides("psi", "/truncation/psi", 0.8, true);
    shot("psi");
    sets("on", "/mix/groups/0/on", true, true);
    press("source#2", [](const json& s) { return s["dialog"] != 0; });
    shot("picker");
    escape("source#2");
    key_until("m", [](const json& s) { return s["map"] == true; });
    shot("seed-map");
    key_until("m", [](const json& s) { return s["map"] == false; });
    const json seeds = at("/walk/seeds");
    studio_->drag({GetParam().width / 2, GetParam().height / 2}, {GetParam().width / 2 + 70, GetParam().height / 2});
    press("keep", [&](const json& s) { return s["walk"]["seeds"] != seeds; });
    shot("wandered-and-kept");
}

void FirstDay::noon() {
    fold("NOISE", "strength"); // room
    fold("MIX", "weight");
    fold("WALK", "play");
    open_section("DIRECTIONS", "##add-direction");
    press("##add-direction", [](const json& s) { return s["kept"]["directions"].size() == 1; });
    slides("direction", "/kept/directions/0", 0.7, true);
    shot("direction");
    menu("psi", "##oscillate", [](const json& s) { return s["kept"]["oscillators"] == 1; });
    shot("swing");
    open_section("OSCILLATE", "##swing-remove");
    press("##swing-remove", [](const json& s) { return s["kept"]["oscillators"] == 0; });
    fold("OSCILLATE", "tempo");
    key_until("shift+1", [](const json& s) { return s["kept"]["presets"][0] == true; });
    slides("psi", "/truncation/psi", 0.2, true);
    const json low = at("/truncation/psi");
    key_until("1", [&](const json& s) { return s["truncation"]["psi"] != low; });
    shot("on-the-way-to-a-preset");
    key_until("ctrl+z", [&](const json& s) { return s["truncation"]["psi"] == low; });
    shot("undone");
    key_until("s", [](const json& s) { return s["kept"]["stars"] == 1; });
}

void FirstDay::afternoon() {
    for (std::size_t i = 1; i <= 3; ++i) {
        studio_->key("n");
        until([](const json& s) { return s["settled"] == true; }, "a new seed");
        key_until("k", [i](const json& s) { return s["kept"]["moments"].size() == i; });
    }
    shot("timeline");
    key_until("shift+space", [](const json& s) { return s["kept"]["timeline_playing"] == true; });
    shot("the-timeline-drives");
    slides("psi", "/truncation/psi", 0.9, true);
    until([](const json& s) { return s["kept"]["touched"].size() == 1; }, "taken over");
    shot("taken-over");
    key_until("shift+g", [](const json& s) { return s["kept"]["touched"].empty(); });
    press("##add-lane", [](const json& s) { return s["controls"].contains("##lane-of-truncation.psi"); });
    press("##lane-of-truncation.psi", [](const json& s) { return s["kept"]["lanes"].size() == 1; });
    shot("lane");
    key_until("shift+a", [](const json& s) { return s["kept"]["armed"] == true; });
    key_until("less", [](const json& s) { return s["kept"]["zoom"] > 1; });
    shot("armed-and-zoomed");
    key_until("greater", [](const json& s) { return s["kept"]["zoom"] == 1; });
    key_until("shift+a", [](const json& s) { return s["kept"]["armed"] == false; });
    key_until("shift+Escape", [](const json& s) { return s["kept"]["timeline_on"] == false; });
}

void FirstDay::evening() {
    key_until("Tab", [](const json& s) { return s["view"]["ui_hidden"] == true; });
    shot("before-the-audience");
    key_until("Tab", [](const json& s) { return s["view"]["ui_hidden"] == false; });
    key_until("0", [](const json& s) { return s["view"]["blackout"] == true; });
    shot("blackout");
    key_until("0", [](const json& s) { return s["view"]["blackout"] == false; });
    key_until("r", [](const json& s) { return s["recording"] == true; });
    shot("recording");
    key_until("r", [](const json& s) { return s["recording"] == false; });
    for (const auto& [control, name] : {std::pair{"##export", "export"}, std::pair{"##settings", "settings"},
                                        std::pair{"##help", "help"}, std::pair{"##log", "log"}}) {
        press(control, [](const json& s) { return s["dialog"] != 0; });
        shot(name);
        escape(control);
    }
    key_until("ctrl+s", [](const json& s) { return s["controls"].contains("##session-save"); });
    shot("save");
    escape("ctrl+s");
    key_until("ctrl+t", [](const json& s) { return s["tab"] == "train"; });
    shot("train");
    key_until("d", [](const json& s) { return s["tab"] == "data"; });
    shot("data");
}

TEST_P(FirstDay, EveryStepDoesWhatItIsTo) {
    morning();
    noon();
    afternoon();
    evening();
    EXPECT_EQ(studio_->end(), 0) << studio_->messages();
}

INSTANTIATE_TEST_SUITE_P(Monitors, FirstDay, ::testing::Values(Monitor{1280, 720, "1"}, Monitor{2560, 1440, "2"}));

} // namespace
} // namespace atelier::testing
