// SPDX-License-Identifier: Apache-2.0
// What undo says it has undone.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "studio/session/undo_text.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {
using namespace studio;

class UndoText : public ::testing::Test {
protected:
    UndoText() { stage_.frames(3); }
    StudioState& state() { return stage_.studio->state; }
    void step() { stage_.frames(2); }
    void undo() { press(false); }
    void redo() { press(true); }
    // Those that stand, and are not on their way out.
    std::vector<std::string> told() const {
        std::vector<std::string> out;
        for (const Toast& toast : stage_.studio->toasts.all()) {
            if (toast.leaving == 0)
                out.push_back(toast.text);
        }
        return out;
    }
    Stage stage_;

private:
    void press(bool shift) {
        handle_key(*stage_.studio, {.key = Key::letter, .letter = 'z', .shift = shift, .ctrl = true}, false);
        stage_.frame();
    }
};

TEST_F(UndoText, NamesTheParameterAndReplacesWhatItSaidBefore) {
    state().truncation.psi = 0.4;
    step();
    state().bpm = 97;
    step();
    undo();
    EXPECT_EQ(state().bpm, 120);
    const std::string tempo = label_of(state(), {&parameter("performance.tempo")});
    EXPECT_EQ(told(), std::vector<std::string>{"Undone: " + tempo});
    undo();
    EXPECT_EQ(told(), std::vector<std::string>{"Undone: Psi"});
    redo();
    EXPECT_EQ(state().truncation.psi, 0.4);
    EXPECT_EQ(told(), std::vector<std::string>{"Redone: Psi"});
}

TEST_F(UndoText, SaysWhatWasDoneToAList) {
    state().walk.seeds.push_back(77);
    step();
    undo();
    EXPECT_EQ(told(), std::vector<std::string>{"Undone: seed added"}) << "not removed: that is what undo did";
    redo();
    EXPECT_EQ(told(), std::vector<std::string>{"Redone: seed added"});
}

TEST_F(UndoText, ClaimsNoSingleThingWhereItWasSeveral) {
    state().truncation.psi = 0.1;
    state().bpm = 90;
    step();
    undo();
    EXPECT_EQ(told(), std::vector<std::string>{"Undone: several settings"});
}

TEST(ChangeText, HasAWordForEachPart) {
    const StudioState before;
    const auto text = [&before](auto change) {
        StudioState after = before;
        change(after);
        return change_text(before, after);
    };
    EXPECT_EQ(text([](StudioState& s) { s.stars.resize(2); }), "stars added");
    EXPECT_EQ(text([](StudioState& s) { s.stars.resize(1), s.next_id++; }), "star added");
    EXPECT_EQ(text([](StudioState& s) { s.timeline.curve.keyframes.resize(1), s.timeline.on = true; }), "moment added");
    EXPECT_EQ(text([](StudioState& s) { s.oscillators.resize(1); }), "oscillator added");
    EXPECT_EQ(text([](StudioState& s) { s.directions.resize(1); }), "direction added");
    EXPECT_EQ(text([](StudioState& s) { s.presets[1].used = true; }), "preset 2");
    EXPECT_EQ(text([](StudioState& s) { s.presets[1].used = s.presets[2].used = true; }), "several settings");
    EXPECT_EQ(text([](StudioState& s) { s.walk.seeds[0] = 5; }), "seeds");
    EXPECT_EQ(text([](StudioState& s) { s.mix.groups[0].seed = 9, s.mix.groups[0].on = true; }), "mix");
    EXPECT_EQ(text([](StudioState& s) { s.mix.groups[0].seed = 9, s.stars.resize(1); }), "several settings");
    StudioState two = before;
    two.stars.resize(2);
    EXPECT_EQ(change_text(two, before), "stars removed");
}

} // namespace
} // namespace atelier::testing
