// SPDX-License-Identifier: Apache-2.0
// A tour of the real studio: every control of the main window is moved or pressed and has to do what its kind does,
// each of several of one name. What the state dump lists and the tour leaves out makes it fail.
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "ui/studio_fixture.h"

namespace atelier::testing {
namespace {

using nlohmann::json;
using Condition = std::function<bool(const json&)>;

// Listed at times, and not toured.
const std::set<std::string> left_out = {
    "##dismiss", // of a toast, which may leave by itself before the mouse gets there
};

// What the state dump calls the control number `index`, counted from 0, of those of one name.
std::string numbered(const std::string& name, std::size_t index) {
    return index == 0 ? name : name + "#" + std::to_string(index + 1);
}

// The name that a numbered control shares.
std::string shared_name(const std::string& control) {
    const std::size_t end = control.find_last_not_of("0123456789");
    return end + 1 < control.size() && control[end] == '#' ? control.substr(0, end) : control;
}

class Tour : public StudioFixture {
public:
    json at(const std::string& pointer) { return studio_->state().value(json::json_pointer(pointer), json()); }

    // The picture once nothing glides any more, so that the next change is the next control's.
    std::size_t settled() {
        json last;
        for (int same = 0, tries = 0; same < 10 && tries < 200; ++tries) {
            const json now = at("/picture");
            same = now == last ? same + 1 : 0;
            last = now;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        return last.is_number() ? last.get<std::size_t>() : 0;
    }

    // Does one thing to a control and waits for its effect, and for the window being drawn after it.
    void visit(const std::string& control, const std::function<void()>& act, const Condition& effect) {
        if (HasFatalFailure()) {
            return;
        }
        note();
        visited_.insert(control);
        const json drawn = at("/counters/drawn");
        act();
        ASSERT_TRUE(studio_->wait(effect)) << control << " did nothing\n" << studio_->state().dump(1);
        ASSERT_TRUE(studio_->wait([&](const json& s) { return s["counters"]["drawn"] > drawn; })) << control;
        note();
    }
    void press(const std::string& control, const Condition& effect) {
        visit(
            control, [&] { studio_->click(control); }, effect);
    }
    // Pressed, it sets a value of the state; `shows` if the picture changes with it.
    void sets(const std::string& control, const std::string& pointer, const json& value, bool shows = false) {
        const std::size_t before = shows ? settled() : 0;
        ASSERT_NE(at(pointer), value) << control << " has nothing to change";
        press(control, [&](const json& s) {
            return s.at(json::json_pointer(pointer)) == value && (!shows || s["picture"] != before);
        });
    }
    // Dragged from its middle to a part of its width, a slider changes its value.
    void slides(const std::string& control, const std::string& pointer, double part, bool shows) {
        const std::size_t before = shows ? settled() : 0;
        const json value = at(pointer);
        visit(
            control, [&] { studio_->drag(studio_->place(control), studio_->place(control, part)); },
            [&](const json& s) {
                return s.at(json::json_pointer(pointer)) != value && (!shows || s["picture"] != before);
            });
    }
    void opens_and_escape_closes(const std::string& control) {
        press(control, [](const json& s) { return s["dialog"] != 0; });
        escape(control);
    }
    void escape(const std::string& control) {
        // A text field in the dialog may take the first one.
        for (int i = 0; i < 20 && at("/dialog") != 0; ++i) {
            studio_->key("Escape");
            std::this_thread::sleep_for(std::chrono::milliseconds(500));
        }
        ASSERT_EQ(at("/dialog"), 0) << control << ": Escape does not close it";
    }
    void leave_the_walk() {
        studio_->click("new");
        ASSERT_TRUE(studio_->wait([](const json& s) { return s["detour"]["kind"] == "seed"; }));
    }
    // A seed or keyframe takes the walk to its place.
    void goes_to(const std::string& control, double position) {
        const std::size_t before = settled();
        press(control, [&](const json& s) {
            return s["detour"]["kind"] == "none" && s["position"] == position && s["picture"] != before;
        });
    }
    // Right click opens a menu with the item, which does its work.
    void menu(const std::string& control, const std::string& item, const Condition& effect) {
        studio_->click(control, "3");
        press(item, effect);
    }
    // A heading folds what stands below it away, and brings it back.
    void folds(const std::string& heading, const std::string& inside) {
        press(heading, [&](const json& s) { return !s["controls"].contains(inside); });
    }
    void unfolds(const std::string& heading, const std::string& inside) {
        press(heading, [&](const json& s) { return s["controls"].contains(inside); });
    }

    // What the main window shows now has to be toured; dialogs and the Train panel have tests of their own.
    void note() {
        const json now = studio_->state();
        if (now.is_object() && now["dialog"] == 0 && now["tab"] == "perform") {
            for (const auto& item : now["controls"].items()) {
                listed_.insert(item.key());
            }
        }
    }

    void truncation_mix_and_noise();
    void walk();
    void raise(std::size_t weight);
    void layers();
    void top_bar();

    std::set<std::string> listed_, visited_;
};

void Tour::truncation_mix_and_noise() {
    slides("psi", "/truncation/psi", 0.95, true);
    slides("cutoff", "/truncation/cutoff", 0.2, true);
    for (std::size_t i = 0; i < at("/mix/groups").size(); ++i) { // Coarse, Middle, Fine
        const std::string group = "/mix/groups/" + std::to_string(i);
        sets(numbered("on", i), group + "/on", true, true);
        slides(numbered("weight", i), group + "/weight", 0.3, true);
        sets(numbered("on", i), group + "/on", false, true);
        opens_and_escape_closes(numbered("source", i));
    }
    slides("strength", "/noise/strength", 0.95, true);
    sets("None", "/noise/mode", "none", true);
    sets("Random", "/noise/mode", "random", true);
    sets("Const", "/noise/mode", "const", true);
}

void Tour::walk() {
    opens_and_escape_closes("now");
    const json seed = at("/detour/seed");
    const std::size_t before = settled();
    press("new", [&](const json& s) { return s["detour"]["seed"] != seed && s["picture"] != before; });
    press("keep", [](const json& s) { return s["walk"]["seeds"].size() == 2; });
    if (at("/walk/kind") == "random") {
        sets("Loop", "/walk/kind", "seeds");
    }
    sets("Once", "/walk/loop", false);
    sets("Loop", "/walk/loop", true);
    opens_and_escape_closes("add");
    for (std::size_t i = 0; i < 2; ++i) {
        leave_the_walk();
        goes_to(numbered("seed", i), static_cast<double>(i));
    }
    menu("seed#2", "other", [](const json& s) { return s["dialog"] != 0; });
    escape("other");
    menu("seed#2", "remove", [](const json& s) { return s["walk"]["seeds"].size() == 1; });
    sets("Endless", "/walk/kind", "random");
    for (std::size_t i = 0; at("/controls").contains(numbered("key", i)); ++i) {
        leave_the_walk();
        goes_to(numbered("key", i), std::floor(at("/position").get<double>()) + static_cast<double>(i));
    }
    leave_the_walk();
    sets("back", "/detour/kind", "none", true);

    sets("z", "/walk/space", "z");
    sets("w", "/walk/space", "w");
    sets("Linear", "/walk/ease", "linear");
    sets("Cubic", "/walk/ease", "cubic");
    sets("Smooth", "/walk/ease", "smooth");
    slides("speed", "/walk/seconds_per_step", 0.4, false);

    const json position = at("/position");
    const std::size_t still = settled();
    press("play", [&](const json& s) {
        return s["walk"]["playing"] == true && s["position"] > position && s["picture"] != still;
    });
    sets("play", "/walk/playing", false);
}

// A layer's weight, which is 0 as long as its group is off.
void Tour::raise(std::size_t weight) {
    const std::string slider = numbered("weight", weight);
    studio_->drag(studio_->place(slider, 0.02), studio_->place(slider, 0.9));
}

// With the sections above folded, so that all layers find room in the window.
void Tour::layers() {
    folds("WALK", "play");
    folds("TRUNCATION", "psi");
    folds("NOISE", "strength");
    unfolds("Per layer", "own");
    const std::size_t groups = at("/mix/groups").size();
    std::size_t layers = 0;
    for (; at("/controls").contains(numbered("own", layers)); ++layers) {
        const std::string own = "/mix/layers/" + std::to_string(layers) + "/own";
        opens_and_escape_closes(numbered("source", groups + layers));
        const std::size_t before = settled();
        visit(
            numbered("weight", groups + layers), [&] { raise(groups + layers); },
            [&](const json& s) { return s.at(json::json_pointer(own)) == true && s["picture"] != before; });
        sets(numbered("own", layers), own, false, true);
    }
    EXPECT_GT(layers, 7U) << "no layer of the finest group";
    raise(groups);
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["mix"]["layers"][0]["own"] == true; }));
    press("follow",
          [](const json& s) { return s["mix"]["layers"][0]["own"] == false && !s["controls"].contains("follow"); });
    folds("Per layer", "own");
    folds("MIX", "weight");
    unfolds("MIX", "weight");
    unfolds("NOISE", "strength");
    unfolds("TRUNCATION", "psi");
    unfolds("WALK", "play");
}

void Tour::top_bar() {
    sets("Train", "/tab", "train");
    sets("Perform", "/tab", "perform");
    for (const char* control : {"##open", "##log", "##settings", "##help", "##export"}) {
        opens_and_escape_closes(control);
    }
    const json toasts = at("/counters/toasts");
    press("##save", [&](const json& s) { return s["counters"]["toasts"] > toasts; });
    bool saved = false;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
        saved |= entry.path().extension() == ".png";
    }
    EXPECT_TRUE(saved) << studio_->state()["toasts"].dump();
    sets("##record", "/recording", true);
    sets("##record", "/recording", false);
}

TEST_F(Tour, EveryControlDoesWhatItsKindDoes) {
    for (const auto part : {&Tour::truncation_mix_and_noise, &Tour::walk, &Tour::layers, &Tour::top_bar}) {
        ASSERT_NO_FATAL_FAILURE((this->*part)());
    }
    note();
    for (const std::string& control : listed_) {
        EXPECT_TRUE(visited_.contains(control) || left_out.contains(shared_name(control))) << "not toured: " << control;
    }
    EXPECT_EQ(studio_->end(), 0) << studio_->messages();
}

} // namespace
} // namespace atelier::testing
