// SPDX-License-Identifier: Apache-2.0
// What the tests of what is kept share: a studio in a folder of its own, with room for every control.
#pragma once

#include <chrono>
#include <cmath>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "latent/walk.h"
#include "studio/state/parameters.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {

using namespace studio;

class KeepControls : public ::testing::Test {
protected:
    KeepControls() {
        ImGui::GetIO().KeyMap[ImGuiKey_A] = 65;
        stage_.settle();
    }

    StudioState& state() { return stage_.state(); }
    Timeline& curve() { return state().timeline.curve; }
    void key(char c, bool shift = false, bool ctrl = false) {
        handle_key(*stage_.studio, {Key::letter, c, shift, ctrl, false, false}, ImGui::GetIO().WantTextInput);
        stage_.frame();
    }
    void open(const char* section) { stage_.unfold(section); }
    void menu(const std::string& control, int nth, const std::string& item, int nth_item = 0) {
        stage_.click(control, nth, 1);
        stage_.frames(2);
        stage_.click(item, nth_item);
        stage_.frames(2);
    }
    // Replaces what a field of an open menu holds.
    void retype(const std::string& field, const std::string& text) {
        stage_.click(field);
        stage_.frames(2);
        ImGuiIO& io = ImGui::GetIO();
        ASSERT_TRUE(io.WantTextInput);
        io.KeyCtrl = io.KeysDown[65] = true;
        stage_.frame();
        io.KeyCtrl = io.KeysDown[65] = false;
        stage_.frame();
        stage_.type(text);
        stage_.frames(2);
    }
    void keyframes(int count) {
        for (int i = 0; i < count; ++i) {
            stage_.studio->playback.go_to_seed(11U * static_cast<std::uint32_t>(i + 1));
            stage_.settle();
            key('k');
        }
        stage_.frames(2);
    }
    void two_directions() {
        open("DIRECTIONS");
        stage_.click("SeFa");
        ASSERT_TRUE(soon([&] { return stage_.studio->controls.directions.set(DirectionMethod::sefa) != nullptr; }));
        stage_.frames(2);
        stage_.click("##add-direction");
        stage_.click("##add-direction");
        stage_.frames(2);
        ASSERT_EQ(state().directions.size(), 2u);
    }
    bool soon(const std::function<bool()>& condition) { return stage_.soon(condition); }
    // The lowest and highest value in the requests of `frames` frames, and the largest change between two of them.
    struct Course {
        double low = 1e9, high = -1e9, jump = 0;
    };
    Course course(int frames, const std::function<double(const RenderParams&)>& value) {
        Course out;
        double before = value(stage_.last_request());
        for (int i = 0; i < frames; ++i) {
            stage_.frame();
            const double now = value(stage_.last_request());
            out.low = std::min(out.low, now);
            out.high = std::max(out.high, now);
            out.jump = std::max(out.jump, std::abs(now - before));
            before = now;
        }
        return out;
    }

    test::Scratch scratch_;
    Stage stage_{64, 10, {scratch_ / "studio.json", 85, false}, {1280, 2200}};
};

} // namespace atelier::testing
