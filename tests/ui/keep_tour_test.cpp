// SPDX-License-Identifier: Apache-2.0
// A tour of what the studio keeps: presets, stars, seed map, directions, oscillators and the timeline. Every control of
// these in the real program has to do what its kind does.
#include <gtest/gtest.h>

#include "ui/tour.h"

namespace atelier::testing {
namespace {

const std::set<std::string> left_out = {
    "##toasts-more",
    "##toast-action",
    "##dismiss", // of a toast, which may leave by itself before the mouse gets there
    "##fold",    // of the tour of the panels
    "##node",    // one of many
    "LOOK",      // of the tour of the panels, with the button below
    "STAGE",     // likewise
    "Play",      // likewise
    "Live",
    "##psi-apart",
    "##learn",             // of any control's menu, by live_test
    "##cancel-directions", // there as long as PCA takes; has a test of its own
};

class KeepTour : public TourBase {
public:
    std::string size() const override { return "1280x960"; } // DIRECTIONS with five sliders above the timeline
    bool belongs(const json& state, const json& box) const override {
        return touring_ && state["tab"] == "perform" && box[1] > 40; // below the top bar
    }
    void begin();
    void presets();
    void stars();
    void map();
    void directions();
    void oscillators();
    void timeline();
    void lanes();

    void lists(const std::string& control, const std::string& what, std::size_t count) {
        press(control, [&](const json& s) { return s["kept"][what].size() == count; });
    }
    void counts(const std::string& control, const std::string& what, int count) {
        press(control, [&](const json& s) { return s["kept"][what] == count; });
    }

private:
    bool touring_ = false;
};

void KeepTour::begin() {
    for (const auto& [heading, inside] :
         {std::pair{"WALK", "play"}, {"TRUNCATION", "psi"}, {"MIX", "weight"}, {"NOISE", "strength"}}) {
        folds(heading, inside);
    }
    touring_ = true;
}

void KeepTour::presets() {
    unfolds("PRESETS", "##preset");
    const std::size_t first = settled();
    for (std::size_t i = 0; i < 9; ++i) {
        press(numbered("##preset", i), [&](const json& s) { return s["kept"]["presets"][i] == true; });
    }
    slides("morph", "/kept/morph_seconds", 0.02, false);
    sets("##morph-beats", "/kept/morph_in_beats", true);
    sets("##morph-beats", "/kept/morph_in_beats", false);
    sets("##preset-seeds", "/kept/preset_seeds", true);
    sets("##preset-seeds", "/kept/preset_seeds", false);
    studio_->key("n");
    ASSERT_TRUE(studio_->wait([&](const json& s) { return s["picture"] != first && s["settled"] == true; }));
    press("##preset", [&](const json& s) { return s["picture"] == first; });
    studio_->click("##preset#2", "3");
    press("clear", [](const json& s) { return s["kept"]["presets"][1] == false; });
    studio_->click("##preset#3", "3");
    press("over", [](const json& s) { return s["kept"]["presets"][2] == true; });
    folds("PRESETS", "##preset");
}

void KeepTour::stars() {
    unfolds("STARRED", "##star-now");
    counts("##star-now", "stars", 1);
    opens_and_escape_closes("##save-latents");
    const std::size_t starred = settled();
    studio_->key("n");
    ASSERT_TRUE(studio_->wait([&](const json& s) { return s["picture"] != starred && s["settled"] == true; }));
    press("##star", [&](const json& s) { return s["picture"] == starred && s["detour"]["kind"] == "wander"; });
    for (std::size_t i = 0; i < 3; ++i) {
        studio_->click("##star", "3");
        press(numbered("source", i), [&](const json& s) { return s["mix"]["groups"][i]["on"] == true; });
        studio_->key("ctrl+z"); // else nothing but the star would be seen
        ASSERT_TRUE(studio_->wait([&](const json& s) { return s["mix"]["groups"][i]["on"] == false; }));
    }
    studio_->click("##star", "3");
    lists("moment", "moments", 1);
    studio_->click("##star", "3");
    counts("remove", "stars", 0);
}

void KeepTour::map() {
    press("##map", [](const json& s) { return s["map"] == true; });
    const std::size_t before = settled();
    const auto node = studio_->place("##seed-map", 0.62); // beside the middle
    visit(
        "##seed-map", [&] { studio_->drag(node, node); },
        [&](const json& s) { return s["detour"]["kind"] == "wander" && s["picture"] != before; });
    press("##map-here", [](const json& s) { return s["map"] == true; });
    press("##map-back", [](const json& s) { return s["map"] == false; });
    folds("STARRED", "##star-now");
}

void KeepTour::directions() {
    unfolds("DIRECTIONS", "##add-direction");
    for (const auto& [method, name] : {std::pair{"SeFa", "sefa"}, {"PCA", "pca"}}) {
        press(method, [](const json&) { return true; });
        // It can be pressed as soon as the directions are known.
        for (int i = 0; i < 100 && at("/kept/direction_method") != name; ++i) {
            studio_->click("##add-direction");
        }
        ASSERT_TRUE(studio_->wait([&](const json& s) { return s["settled"] == true; }));
        lists("##add-direction", "directions", at("/kept/directions").size() + 1);
    }
    ASSERT_GE(at("/kept/directions").size(), 4U);
    for (std::size_t i = 0; i < at("/kept/directions").size(); ++i) {
        slides(numbered("direction", i), "/kept/directions/" + std::to_string(i), 0.9, true);
        studio_->click(numbered("##direction-more", i));
        visited_.insert(numbered("##direction-more", i));
        ASSERT_TRUE(studio_->wait([](const json& s) { return s["controls"].contains("##remove-direction"); }));
        visited_.insert({"name", "first", "last"}); // fields, which have tests of their own
        studio_->key("Escape");
    }
    press("##zero-directions", [](const json& s) {
        return std::all_of(s["kept"]["directions"].begin(), s["kept"]["directions"].end(),
                           [](const json& amount) { return amount == 0; });
    });
    while (!at("/kept/directions").empty()) {
        const std::size_t count = at("/kept/directions").size();
        studio_->click("##direction-more");
        lists("##remove-direction", "directions", count - 1);
    }
    folds("DIRECTIONS", "##add-direction");
}

void KeepTour::oscillators() {
    unfolds("TRUNCATION", "psi");
    visited_.insert({"psi", "cutoff"});
    studio_->click("psi", "3");
    visited_.insert("##reset");
    counts("##oscillate", "oscillators", 1);
    folds("TRUNCATION", "psi");
    if (!at("/controls").contains("##swing-on")) {
        unfolds("OSCILLATE", "##swing-on");
    }
    visited_.insert("OSCILLATE");
    constexpr const char* waves[] = {"Sine", "Triangle", "Smooth noise", "Saw", "Square", "Exponential", "Steps"};
    for (const int wave : {1, 2, 3, 4, 5, 6, 0}) {
        const char* name = waves[wave];
        press("swing-wave", [&](const json& s) { return s["controls"].contains(name); });
        sets(name, "/kept/swing/wave", wave);
    }
    slides("swing-period", "/kept/swing/period", 0.3, false);
    slides("swing-depth", "/kept/swing/depth", 0.8, false);
    sets("##swing-beats", "/kept/swing/in_beats", true);
    slides("tempo", "/kept/bpm", 0.8, false);
    const json tempo = at("/kept/bpm");
    visit(
        "##tap",
        [&] {
            studio_->click("##tap");
            studio_->key("--repeat 3 --delay 500 Return"); // in time, which single clicks may not be
        },
        [&](const json& s) { return s["kept"]["bpm"] != tempo; });
    sets("##swing-on", "/kept/swing/on", false);
    counts("##swing-remove", "oscillators", 0);
}

void KeepTour::timeline() {
    for (std::size_t i = 2; i < 4; ++i) {
        studio_->key("n");
        lists("##timeline-add", "moments", i);
    }
    press("##moment", [](const json& s) { return s["kept"]["timeline_on"] == true && s["kept"]["playhead"] == 0; });
    press("##moment#2", [](const json& s) { return s["kept"]["playhead"] == 2; });
    press("##moment#3", [](const json& s) { return s["kept"]["playhead"] == 4; });
    press("##timeline-start", [](const json& s) { return s["kept"]["playhead"] == 0; });
    const std::size_t before = settled();
    press("##timeline-play", [&](const json& s) {
        return s["kept"]["timeline_playing"] == true && s["kept"]["playhead"] > 0.1 && s["picture"] != before;
    });
    sets("##timeline-play", "/kept/timeline_playing", false);
    press("##ruler", [](const json& s) { return s["kept"]["playhead"] > 3; });
    sets("##timeline-loop", "/kept/loop", true);
    studio_->click("##timeline-options");
    visited_.insert("##timeline-options");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["controls"].contains("loop-seconds"); }));
    visited_.insert({"snap", "loop-seconds"});
    sets("timeline-beats", "/kept/timeline_in_beats", true);
    sets("timeline-beats", "/kept/timeline_in_beats", false);
    studio_->key("Escape");
    lanes();
    studio_->click("##moment#2", "3");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["controls"].contains("update"); }));
    visited_.insert({"time", "ease", "copy"});
    press("update", [](const json& s) { return !s["controls"].contains("update"); });
    studio_->click("##moment#2", "3");
    lists("remove", "moments", 2);
    opens_and_escape_closes("##timeline-export");
    sets("##timeline-leave", "/kept/timeline_on", false);
}

void KeepTour::lanes() {
    studio_->click("##add-lane");
    visited_.insert("##add-lane");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["controls"].contains("##lane-of-truncation.psi"); }));
    const json controls = at("/controls");
    for (const auto& item : controls.items()) { // one is like the others
        if (item.key().starts_with("##lane-of-"))
            visited_.insert(item.key());
    }
    lists("##lane-of-truncation.psi", "lanes", 1);
    const auto points = [](std::size_t count) {
        return [count](const json& s) { return s["kept"]["lanes"][0]["points"] == count; };
    };
    visit(
        "##lane", [&] { studio_->slide("##lane", 0.3, 0.3); }, points(2));
    lists("##lane-remove", "lanes", 0);
    sets("##arm", "/kept/armed", true);
    sets("##arm", "/kept/armed", false);
    studio_->key("bracketright"); // psi, which the timeline has
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["kept"]["touched"].size() == 1; }));
    lists("##give-back", "touched", 0);
}

TEST_F(KeepTour, EveryControlDoesWhatItsKindDoes) {
    for (const auto part : {&KeepTour::begin, &KeepTour::presets, &KeepTour::stars, &KeepTour::map,
                            &KeepTour::directions, &KeepTour::oscillators, &KeepTour::timeline}) {
        ASSERT_NO_FATAL_FAILURE((this->*part)());
    }
    expect_complete(left_out);
    EXPECT_EQ(studio_->end(), 0) << studio_->messages();
}

} // namespace
} // namespace atelier::testing
