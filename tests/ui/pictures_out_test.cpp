// SPDX-License-Identifier: Apache-2.0
// What goes out to other programs, from the panel to the one that takes it.
#include "support/fake_video_devices.h"
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
        out().devices = devices_;
        devices_->add("/dev/video0", {.name = "Camera", .capabilities = V4L2_CAP_VIDEO_CAPTURE});
        devices_->add("/dev/video7", {.name = "Loopback"});
        open("OUT AND PACE");
    }
    ~PicturesOutPanel() override {
        out().set(false);
        out().set_device("");
    }
    PicturesOut& out() { return stage_.studio->capture.out; }
    Taken taken_;
    std::shared_ptr<test::FakeVideoDevices> devices_ = std::make_shared<test::FakeVideoDevices>();
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

TEST_F(PicturesOutPanel, GoToAVideoDeviceThatIsChosenFromThoseThatTakeThem) {
    stage_.settle();
    EXPECT_EQ(devices_->open_now(), 0) << "off until chosen";
    stage_.click("##video-device");
    ASSERT_TRUE(stage_.soon([&] { return stage_.has("##device") && out().found_devices() != nullptr; }));
    stage_.frames(2);
    const auto items = std::ranges::count(stage_.marks(), "##device", &Ui::Mark::id);
    ASSERT_EQ(items, 2) << "off, and the one; the camera takes none";
    stage_.click("##device", 1);
    EXPECT_EQ(out().device(), "/dev/video7");
    EXPECT_EQ(stage_.studio->settings.video_device_out, "/dev/video7");
    ASSERT_TRUE(stage_.soon([&] { return devices_->written() > 0; })) << "the picture that stands";
    EXPECT_EQ(devices_->format().width, 64u);
    state().view.blackout = true;
    EXPECT_TRUE(stage_.soon(
        [&] { return std::ranges::all_of(devices_->last(), [](int each) { return each == 16 || each == 128; }); }));
    stage_.click("##video-device");
    ASSERT_TRUE(stage_.soon([&] { return stage_.has("##device"); }));
    stage_.click("##device");
    EXPECT_EQ(out().device(), "");
    EXPECT_EQ(devices_->open_now(), 0);
    EXPECT_EQ(stage_.studio->settings.video_device_out, "");
}

TEST_F(PicturesOutPanel, ADeviceThatHasGoneIsSaid) {
    stage_.settle();
    stage_.studio->settings.video_device_out = "/dev/video3"; // of the last run
    ASSERT_TRUE(stage_.soon([&] { return !stage_.studio->toasts.all().empty(); }));
    EXPECT_EQ(stage_.studio->toasts.all().back().detail, "/dev/video3 can't be opened: No such file or directory.");
    EXPECT_EQ(out().device(), "");
    EXPECT_EQ(stage_.studio->settings.video_device_out, "");
}

} // namespace
} // namespace atelier::testing
