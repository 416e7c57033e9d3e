// SPDX-License-Identifier: Apache-2.0
// Learn stands in the menu of every control that sets a parameter of the table or pulls one of its triggers, for the
// mouse and for keys; what has no control to be right clicked is listed here with the reason.
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ui/full_studio.h"

namespace atelier::testing {
namespace {

using namespace studio;

const std::map<std::string, std::string> without{
    {"walk.playing", "the button learns transport.play, which leads back to the walk, too"},
    {"direction.*.first", "a field that is typed, in the menu of its slider"},
    {"direction.*.last", "likewise"},
    {"view.zoom", "the wheel over the picture"},
    {"view.pan_x", "dragged with the picture"},
    {"view.pan_y", "likewise"},
    {"view.pixels", "a key alone: X"},
    {"view.ui_hidden", "a key alone: Tab"},
    {"view.fullscreen", "a key alone: F"},
    {"view.compare", "the Train tab's, by C"},
    {"view.wipe", "a line over the picture, which is dragged"},
    {"performance.glide", "a setting of the person: no connection takes it"},
    {"performance.frame_budget", "likewise"},
};

class LearnTable : public FullStudio {
protected:
    LearnTable() : FullStudio({1280, 4000}) {
        stage_.source->classes = {"cats", "dogs"};
        studio().playback.open(file("pets.pkl"));
        stage_.settle();
        fill();
        for (const auto& each : studio().left_sections())
            studio().settings.folds[each.title] = true;
        for (const char* inside : {"Per layer", "Noise by groups"})
            studio().settings.folds[inside] = true;
        studio().state.cues.assign(3, {});
        stage_.frames(3);
    }

    // The ids that the open menu can learn; it is closed.
    std::set<std::string> learned_in_menu(const std::function<void()>& open) {
        std::set<std::string> ids;
        for (int i = 0;; ++i) {
            open();
            stage_.frames(2);
            const auto entries = std::ranges::count(stage_.marks(), std::string("##learn"), &Ui::Mark::id);
            if (i >= entries) {
                Ui::current().close_popups = true; // as Esc does in the window
                studio().ui.dialog = Dialog::none;
                stage_.frames(2);
                return ids;
            }
            stage_.click("##learn", i);
            stage_.frames(2);
            ids.insert(studio().live.learning());
            studio().live.learn({});
        }
    }
    // Of what is drawn now.
    void look() {
        stage_.frames(3);
        for (const auto& mark : std::vector(stage_.marks())) {
            const ImVec2 at{(mark.from.x + mark.to.x) / 2, (mark.from.y + mark.to.y) / 2};
            if (!looked_at_.insert({mark.id, at.x, at.y}).second)
                continue;
            const auto by_mouse = learned_in_menu([&] { stage_.click(at, 1); });
            if (by_mouse.empty())
                continue;
            found_.insert(by_mouse.begin(), by_mouse.end());
            ImGuiID control = 0;
            for (const KeyboardFocus::Control& each : stage_.reach().controls()) {
                if (each.enabled && at.x >= each.from.x && at.x <= each.to.x && at.y >= each.from.y &&
                    at.y <= each.to.y)
                    control = each.id;
            }
            if (control == 0)
                continue; // keys lead to none that can't be used
            const auto by_keys = learned_in_menu([&] {
                Ui::current().reach.lead(control);
                stage_.frame();
                stage_.key(Key::menu);
            });
            EXPECT_EQ(by_keys, by_mouse) << mark.id;
            by_keys_.insert(by_keys.begin(), by_keys.end());
        }
    }

    std::set<std::string> found_, by_keys_;

private:
    std::set<std::tuple<std::string, float, float>> looked_at_;
};

TEST_F(LearnTable, HoldsEveryControlOfAParameterAndATrigger) {
    StudioState& state = studio().state;
    state.noise.mode = NoiseMode::random;
    set_value(state, {&parameter("noise.speed")}, 2);
    state.mix.layers.fill({true, 3, 0.5F, {}});
    look();
    state.truncation.apart = true;
    studio().playback.prepare();
    look();
    studio().playback.drop_prepared();
    studio().library.cues.go();
    studio().library.cues.go();
    studio().settings.live_page = true;
    look();

    const int layers = studio().playback.num_ws();
    std::set<std::string> missing, needless;
    int looked_for = 0;
    for (const ParameterRef each : parameters_of(state)) {
        if (each->instances == Instances::layers && each.instance >= layers)
            continue; // of larger models
        const std::string id = id_of(state, each);
        const bool listed = without.contains(each->id);
        ++looked_for;
        if (!listed && !(found_.contains(id) && by_keys_.contains(id)))
            missing.insert(id);
        if (listed && found_.contains(id))
            needless.insert(id);
    }
    EXPECT_GT(looked_for, 100);
    EXPECT_THAT(missing, ::testing::IsEmpty()) << "no control on the screen learns them";
    EXPECT_THAT(needless, ::testing::IsEmpty()) << "they are listed, and there is one";
}

} // namespace
} // namespace atelier::testing
