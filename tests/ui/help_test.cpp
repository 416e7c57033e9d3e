// SPDX-License-Identifier: Apache-2.0
// What the features have registered for the keyboard, and what the help says of it.
#include <algorithm>
#include <cctype>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ui/stage.h"

namespace atelier::testing {
namespace {
using namespace studio;

// How the help would name a key.
std::string key_name(const Chord& chord) {
    if (chord.sign != 0)
        return std::string(1, static_cast<char>(chord.sign));
    switch (chord.key) {
    case Key::letter: return std::string(1, static_cast<char>(std::toupper(chord.letter)));
    case Key::space: return "Space";
    case Key::tab: return "Tab";
    case Key::escape: return "Esc";
    case Key::enter: return "Enter";
    case Key::home: return "Home";
    case Key::page_up: return "Page up";
    case Key::page_down: return "down";
    case Key::f1: return "F1";
    case Key::f2: return "F2";
    case Key::f12: return "F12";
    case Key::backspace: return "Backspace";
    case Key::left:
    case Key::right:
    case Key::up:
    case Key::down: return "Arrows";
    default: return "a key without a name in this test";
    }
}

TEST(Help, HasItsGroupsInOrder) {
    const Stage stage;
    std::vector<std::string> titles;
    for (const KeyGroup& group : stage.studio->keys().groups()) {
        titles.push_back(group.title);
        EXPECT_FALSE(group.bindings.empty()) << group.title;
    }
    EXPECT_THAT(titles, ::testing::ElementsAre("PLAY", "TIMELINE", "KEEP", "SHOW", "TRAIN", "WINDOW", "DATA"));
}

// Rows of several features stand in one group.
TEST(Help, PutsTheRowsOfAllFeaturesByTheirPlace) {
    const Stage stage;
    std::vector<std::string> play, keep;
    for (const Binding& binding : stage.studio->keys().groups()[0].bindings) {
        if (*binding.keys != '\0')
            play.push_back(binding.keys);
    }
    for (const Binding& binding : stage.studio->keys().groups()[2].bindings) {
        if (*binding.keys != '\0')
            keep.push_back(binding.keys);
    }
    EXPECT_THAT(play,
                ::testing::ElementsAre("Space", "N", "+  -", "[  ]", "1 - 9", "Q", "Enter", "M", "F12", "Shift+F12"));
    EXPECT_THAT(keep, ::testing::ElementsAre("P", "R", "Shift+R", "S", "Shift+S", "Shift+M", "Shift+P", "Ctrl+S",
                                             "Ctrl+O", "Ctrl+Z", "Ctrl+E"));
}

TEST(Help, NamesEveryKey) {
    const Stage stage;
    int keys = 0;
    for (const KeyGroup& group : stage.studio->keys().groups()) {
        std::string row;
        for (const Binding& binding : group.bindings) {
            EXPECT_NE(binding.act != nullptr, binding.trigger != Trigger::none) << binding.keys;
            if (*binding.keys != '\0') {
                EXPECT_STRNE(binding.text, "") << binding.keys;
                row = std::string(binding.keys) + " " + binding.text;
            }
            if (binding.alias)
                continue;
            ++keys;
            EXPECT_THAT(row, ::testing::HasSubstr(key_name(binding.chord))) << group.title;
            EXPECT_TRUE(!binding.chord.shift || row.find("Shift") != std::string::npos) << row;
            EXPECT_TRUE(!binding.chord.ctrl || row.find("Ctrl") != std::string::npos) << row;
        }
    }
    EXPECT_GT(keys, 50);
}

TEST(Help, NoTwoRowsTakeTheSameKey) {
    const Stage stage;
    const KeyTable& table = stage.studio->keys();
    for (const KeyGroup& group : table.groups()) {
        for (const Binding& binding : group.bindings) {
            const Chord& chord = binding.chord;
            for (char letter = chord.letter; letter <= chord.last; ++letter) {
                const KeyEvent event{chord.key, letter, chord.shift, chord.ctrl};
                const Binding* found =
                    chord.sign != 0 ? table.find(chord.sign) : table.find(event, binding.when == When::grid);
                EXPECT_EQ(found, &binding) << group.title << ": " << binding.keys << " " << binding.text;
            }
        }
    }
}

TEST(Help, OneFeatureDoesWhatATriggerAsksFor) {
    const Stage stage;
    std::map<Trigger, int> done;
    for (const TriggerAct& each : stage.studio->features().triggers) {
        EXPECT_NE(each.pull, nullptr);
        ++done[each.trigger];
    }
    for (const ParameterSection& section : parameter_sections()) {
        for (const Parameter& row : section.rows) {
            if (row.trigger != Trigger::none) {
                EXPECT_EQ(done[row.trigger], 1) << row.id;
            }
        }
    }
}

// The preset that is saved is the digit's.
TEST(Help, ADigitStandsForItsOwnInstance) {
    Stage stage;
    stage.frame();
    for (const char digit : {'1', '9'}) {
        const KeyEvent event{.key = Key::letter, .letter = digit, .shift = true};
        handle_key(*stage.studio, event, false);
        EXPECT_TRUE(stage.studio->state.presets[static_cast<std::size_t>(digit - '1')].used) << digit;
    }
    EXPECT_FALSE(stage.studio->state.presets[1].used);
}

} // namespace
} // namespace atelier::testing
