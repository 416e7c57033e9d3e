// SPDX-License-Identifier: Apache-2.0
// The real program with a real model in a real window: mouse and keys come through the X server.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/image.h"
#include "support/video_reader.h"
#include "ui/studio_fixture.h"

namespace atelier::testing {
namespace {

using nlohmann::json;

class Window : public StudioFixture {
protected:
    // The rest of the picture is still; what the machine draws now is the answer to what was done.
    std::size_t picture() { return studio_->state()["picture"].get<std::size_t>(); }
    bool picture_changes(std::size_t from) {
        return studio_->wait([from](const json& s) { return s["picture"] != from; });
    }
};

TEST_F(Window, PlayPsiSeedPixelsAndHiding) {
    const std::size_t first = picture();

    studio_->click("play");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["walk"]["playing"] == true && s["position"] > 0; }));
    EXPECT_TRUE(picture_changes(first)) << "playing moves the picture";
    studio_->key("space");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["walk"]["playing"] == false; }));

    const double psi = studio_->state()["truncation"]["psi"];
    const std::size_t before_psi = picture();
    studio_->slide("psi", 0.5, 0.98);
    ASSERT_TRUE(studio_->wait([psi](const json& s) { return s["truncation"]["psi"] > psi + 0.8; }));
    EXPECT_TRUE(picture_changes(before_psi)) << "psi moves the picture";

    const std::size_t before_seed = picture();
    studio_->key("n");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["detour"]["kind"] == "seed"; }));
    EXPECT_TRUE(picture_changes(before_seed)) << "N shows another seed";

    studio_->click("on"); // the first mix group
    EXPECT_TRUE(studio_->wait([](const json& s) { return s["mix"]["groups"][0]["on"] == true; }));

    studio_->key("x");
    EXPECT_TRUE(studio_->wait([](const json& s) { return s["view"]["pixels"] == true; }));
    studio_->key("Escape");
    studio_->key("Tab");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["view"]["ui_hidden"] == true && s["settled"] == true; }))
        << "Esc must not end it";

    ASSERT_EQ(studio_->end(), 0) << studio_->messages();
    const io::Image8 shot = io::read_image(studio_->screenshot(), 3);
    ASSERT_EQ(shot.width, 1280);
    ASSERT_EQ(shot.height, 720);
    // Without the interface the left edge is black, and the picture, in whole pixels, lies in the middle.
    const auto at = [&shot](int x, int y) { return &shot.pixels[static_cast<std::size_t>((y * shot.width + x) * 3)]; };
    EXPECT_EQ(at(20, 300)[0] + at(20, 300)[1] + at(20, 300)[2], 0);
    int colours = 0;
    for (int x = 340; x < 940; x += 11) {
        colours += std::abs(at(x, 360)[0] - at(x + 11, 360)[0]) > 4;
    }
    EXPECT_GT(colours, 5) << "there is a picture";
    EXPECT_TRUE(std::equal(at(640 + 1, 360), at(640 + 1, 360) + 3, at(640 + 2, 360))) << "whole pixels, 11 wide";
}

TEST_F(Window, TheInterfaceTakesAnotherSizeAtOnce) {
    const auto height = [](const json& s, const char* control) {
        const json& box = s["controls"][control];
        return box[3].get<float>() - box[1].get<float>();
    };
    ASSERT_EQ(height(studio_->state(), "play"), 28);
    const auto chooses = [&](const char* size, float pixels) {
        if (!studio_->state()["controls"].contains("##settings"))
            studio_->click("##more");
        ASSERT_TRUE(studio_->wait([](const json& s) { return s["controls"].contains("##settings"); }));
        studio_->click("##settings");
        ASSERT_TRUE(studio_->wait([](const json& s) { return s["controls"].contains("scale"); }));
        studio_->click("scale");
        ASSERT_TRUE(studio_->wait([&](const json& s) { return s["controls"].contains(size); }));
        studio_->click(size);
        ASSERT_TRUE(studio_->wait([&](const json& s) {
            return s["controls"].contains("play") && height(s, "play") == pixels;
        })) << size;
        studio_->key("Escape");
        ASSERT_TRUE(studio_->wait([](const json& s) { return s["dialog"] == 0; }));
    };
    ASSERT_NO_FATAL_FAILURE(chooses("200 %", 56));
    EXPECT_EQ(studio_->state()["interface_scale"], 2);
    ASSERT_NO_FATAL_FAILURE(chooses("75 %", 21));
    ASSERT_NO_FATAL_FAILURE(chooses("100 %", 28));
}

TEST_F(Window, DialogsOpenAndCloseAndAWrongFileIsTold) {
    studio_->key("F1");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["dialog"] != 0; }));
    studio_->key("Escape");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["dialog"] == 0; }));
    studio_->key("ctrl+o");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["controls"].contains("##up"); }));
    const auto wrong = folder_ / "w.pkl";
    test::put_bytes(wrong, test::bytes_of("not a model"));
    ASSERT_TRUE(studio_->type(wrong.string())) << studio_->state().dump(1);
    ASSERT_TRUE(studio_->key_until("Return", [](const json& s) { return s["dialog"] == 0; }));
    ASSERT_TRUE(studio_->wait([](const json& s) { return !s["toasts"].empty(); })) << studio_->state().dump(1);
    EXPECT_THAT(studio_->state()["toasts"][0]["detail"].get<std::string>(), ::testing::HasSubstr("w.pkl"));
    EXPECT_EQ(studio_->state()["model"], test::model_file().filename().string()) << "the old model plays on";
    EXPECT_EQ(studio_->end(), 0);
}

TEST_F(Window, RecordsWhatIsShown) {
    studio_->key("r");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["recording"] == true; }));
    studio_->key("space");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["position"] > 0.1; }));
    studio_->key("r");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["recording"] == false && !s["toasts"].empty(); }));
    const json toast = studio_->state()["toasts"][0];
    EXPECT_THAT(toast["text"].get<std::string>(), ::testing::HasSubstr("Recorded"));
    EXPECT_GT(std::filesystem::file_size(toast["detail"].get<std::string>()), 1000u);
    EXPECT_EQ(studio_->end(), 0);
}

TEST_F(Window, RecordsItsPanelsToo) {
    studio_->key("shift+r");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["controls"].contains("FFV1"); }));
    studio_->click("FFV1");
    studio_->click("interface");
    studio_->click("##start");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["recording"] == true; }));
    studio_->key("bracketright"); // psi, whose slider moves
    studio_->key("space");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["position"] > 0.1; }));
    studio_->key("r");
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["recording"] == false && !s["toasts"].empty(); }));
    const json toast = studio_->state()["toasts"][0];
    const auto video = test::read_video(toast["detail"].get<std::string>());
    EXPECT_EQ(video.codec, "ffv1");
    EXPECT_EQ(video.width, 1280);
    EXPECT_EQ(video.height, 720);
    ASSERT_GE(video.pictures.size(), 3u);
    const auto& last = video.pictures.back();
    EXPECT_NE(video.pictures.front(), last);
    // The last frame shows the top bar's own ground, the recording button among it, right side up.
    const std::uint8_t* bar = &last[(2 * 1280 + 640) * 3];
    EXPECT_EQ((std::vector<int>{bar[0], bar[1], bar[2]}), (std::vector<int>{0x1c, 0x1e, 0x22}));
    EXPECT_EQ(studio_->end(), 0);
}

TEST_F(Window, DraggingThePictureWanders) {
    const std::size_t before = picture();
    studio_->drag({800, 360}, {650, 300});
    ASSERT_TRUE(studio_->wait([](const json& s) { return s["detour"]["kind"] == "wander" && s["detour"]["x"] > 0.2; }));
    EXPECT_TRUE(picture_changes(before));
    EXPECT_EQ(studio_->end(), 0);
}

TEST(NoDisplay, IsSaidInOneSentence) {
    test::Scratch folder;
    const auto out = folder / "err";
    const std::string command =
        "env -u DISPLAY -u WAYLAND_DISPLAY '" + test::program().string() + "' studio 2> '" + out.string() + "'";
    const int status = std::system(command.c_str());
    EXPECT_EQ(WEXITSTATUS(status), 2);
    const auto bytes = test::file_bytes(out);
    const std::string text(bytes.begin(), bytes.end());
    EXPECT_THAT(text, ::testing::HasSubstr("atelier walk"));
    EXPECT_THAT(text, ::testing::HasSubstr("display"));
}

} // namespace
} // namespace atelier::testing
