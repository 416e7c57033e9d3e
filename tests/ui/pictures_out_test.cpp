// SPDX-License-Identifier: Apache-2.0
// What goes out to other programs, from the panel to the one that takes it.
#include "ui/keep_controls.h"

namespace atelier::testing {
namespace {

struct Taken {
    std::vector<outputs::ShownPicture> pictures;
    outputs::OutStatus status{outputs::OutState::waiting, {}, 0};
    int open = 0;
};

class Taker final : public outputs::PictureOut {
public:
    explicit Taker(Taken& into) : into_(into) { ++into_.open; }
    ~Taker() override { --into_.open; }
    void show(outputs::ShownPicture picture) override { into_.pictures.push_back(std::move(picture)); }
    outputs::OutStatus status() const override { return into_.status; }

private:
    Taken& into_;
};

class PicturesOutPanel : public KeepControls {
protected:
    PicturesOutPanel() {
        out().make = [this] { return std::make_unique<Taker>(taken_); };
        open("OUT AND PACE");
    }
    ~PicturesOutPanel() override { out().set(false); }
    PicturesOut& out() { return stage_.studio->capture.out; }
    Taken taken_;
};

TEST_F(PicturesOutPanel, GoOutWhileTheyAreSwitchedOn) {
    stage_.studio->playback.go_to_seed(5);
    stage_.settle();
    EXPECT_EQ(taken_.pictures.size(), 0u) << "off until chosen";
    stage_.click("pipewire");
    stage_.frames(2);
    ASSERT_EQ(taken_.open, 1);
    ASSERT_FALSE(taken_.pictures.empty()) << "the picture that stands";
    EXPECT_EQ(taken_.pictures.back().pixels, stage_.studio->playback.shown().pixels);
    EXPECT_TRUE(stage_.studio->settings.pipewire_out);
    stage_.studio->playback.go_to_seed(9);
    stage_.settle();
    EXPECT_EQ(taken_.pictures.back().pixels, stage_.studio->playback.shown().pixels);
    state().view.blackout = true;
    stage_.frames(3);
    EXPECT_EQ(taken_.pictures.back().light, 0);
    stage_.click("pipewire");
    stage_.frames(2);
    EXPECT_EQ(taken_.open, 0);
    EXPECT_FALSE(stage_.studio->settings.pipewire_out);
}

TEST_F(PicturesOutPanel, SaysWhyNoneGoOut) {
    stage_.click("pipewire");
    stage_.frames(2);
    taken_.status = {outputs::OutState::failed, "PipeWire's server has ended.", 0};
    stage_.frames(2);
    EXPECT_EQ(taken_.open, 0);
    EXPECT_FALSE(out().on());
    ASSERT_FALSE(stage_.studio->toasts.all().empty());
    EXPECT_EQ(stage_.studio->toasts.all().back().detail, "PipeWire's server has ended.");
}

} // namespace
} // namespace atelier::testing
