// SPDX-License-Identifier: Apache-2.0
// Work is not lost: what an export holds, what an earlier run has left, sessions opened over unsaved work, closing
// while something is written; without a window.
#include <chrono>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using namespace studio;
using ::testing::HasSubstr;

class KeepSafe : public ::testing::Test {
protected:
    KeepSafe() { stage_.settle(); }

    StudioState& state() { return stage_.state(); }
    Studio& studio() { return *stage_.studio; }
    void key(char c, bool shift = false, bool ctrl = false) {
        handle_key(studio(), {gfx::Key::letter, c, shift, ctrl, false, false}, ImGui::GetIO().WantTextInput);
        stage_.frame();
    }
    bool soon(const std::function<bool()>& condition) {
        for (int i = 0; i < 1000; ++i) {
            stage_.frame();
            if (condition())
                return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(3));
        }
        return false;
    }
    bool told(const std::string& text) {
        return soon([&] {
            for (const Toast& each : studio().toasts.all()) {
                if (each.text.find(text) != std::string::npos || each.detail.find(text) != std::string::npos)
                    return true;
            }
            return false;
        });
    }
    void add_direction() {
        studio().settings.folds["DIRECTIONS"] = true;
        stage_.frames(2);
        stage_.click("SeFa");
        ASSERT_TRUE(soon([&] { return studio().directions.set(DirectionMethod::sefa) != nullptr; }));
        stage_.frames(2);
        stage_.click("##add-direction");
        stage_.frames(2);
        ASSERT_EQ(state().directions.size(), 1u);
    }

    test::Scratch scratch_;
    Stage stage_{64, 10, {scratch_ / "studio.json", 85, false}, {1280, 2200}};
};

TEST_F(KeepSafe, AWalksExportHasTheLookAtRest) {
    add_direction();
    state().directions[0].direction.amount = 3;
    stage_.settle();
    ASSERT_EQ(stage_.last_request().directions.size(), 1u);
    const float amount = stage_.last_request().directions[0].amount;
    studio().dialog = Dialog::export_walk;
    studio().settings.videos_folder = scratch_.path().string();
    stage_.frames(5);
    const float plain = stage_.find("##export", 1).to.y - stage_.find("##close").from.y;

    state().oscillators.push_back({.target = Target::psi, .depth = 0.5});
    state().mix.groups[0] = {.on = true, .seed = 9, .weight = 0.5F};
    stage_.frames(5); // the source fades in, psi swings
    EXPECT_GT(stage_.find("##export", 1).to.y - stage_.find("##close").from.y, plain) << "room for what is said of it";
    stage_.click("##export", 1);
    ASSERT_TRUE(told("The export is done"));
    ASSERT_TRUE(stage_.source->exported);
    const RenderParams& params = stage_.source->exported->params;
    ASSERT_EQ(params.directions.size(), 1u);
    EXPECT_EQ(params.directions[0].amount, amount);
    EXPECT_TRUE(params.directions[0].vector);
    EXPECT_EQ(params.psi, default_psi);
    ASSERT_EQ(params.mix.size(), 3u);
    EXPECT_EQ(params.mix[0].weight, 0.5F);
    EXPECT_EQ(params.mix[0].seed, 9u);
}

} // namespace
} // namespace atelier::testing
