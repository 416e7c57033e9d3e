// SPDX-License-Identifier: Apache-2.0
// Folders named in an encoding that is not UTF-8: all that is written into them and about them leads back to the very
// same bytes; without a window.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/path_text.h"
#include "io/png_text.h"
#include "studio/performance/performance_log.h"
#include "studio/state/recipe.h"
#include "studio/state/session.h"
#include "support/scratch.h"
#include "ui/stage.h"
#include "ui/synthetic_render_service.h"

namespace atelier::testing {
namespace {

namespace fs = std::filesystem;
using namespace studio;

std::vector<fs::path> files_in(const fs::path& folder, const char* extension) {
    std::vector<fs::path> out;
    for (const auto& each : fs::directory_iterator(folder)) {
        if (each.path().extension() == extension)
            out.push_back(each.path());
    }
    return out;
}

class Latin1Paths : public ::testing::Test {
protected:
    Latin1Paths() {
        fs::create_directories(folder_);
        test::put_bytes(model_, test::bytes_of("a model"));
    }
    std::unique_ptr<Stage> open() {
        auto stage = std::make_unique<Stage>(std::make_unique<SyntheticSource>(64, 10), model_,
                                             StudioOptions{.settings_file = settings_, .seed = 5}, ImVec2{1280, 720});
        stage->studio->settings.videos_folder = folder_.string();
        stage->settle();
        return stage;
    }

    test::Scratch scratch_;
    const fs::path folder_ = scratch_ / "b\xe4ume", model_ = folder_ / "m\xf6"
                                                                       "del.pkl";
    const fs::path settings_ = folder_ / "studio.json", session_ = folder_ / "n\xfcr.atelier";
};

TEST_F(Latin1Paths, AreKeptByteByByteInAllThatIsWritten) {
    {
        auto stage = open();
        stage->letter('p');
        ASSERT_TRUE(stage->soon([&] { return files_in(folder_, ".png").size() == 1; }));
        stage->studio->document.save_as(session_);
        ASSERT_TRUE(stage->soon([&] { return !stage->studio->document.saving(); }));
        EXPECT_EQ(stage->studio->document.file(), session_);
        ASSERT_TRUE(stage->soon([&] { return !stage->studio->busy(); }));
        for (const Toast& toast : stage->studio->toasts.all())
            EXPECT_NO_THROW((void)nlohmann::json(toast.text + toast.detail).dump()) << "on the screen all is UTF-8";
    }
    EXPECT_EQ(load_session(session_).model, model_.string());
    const Settings settings = load_settings(settings_);
    EXPECT_EQ(settings.recent, (std::vector{session_.string(), model_.string()}));
    EXPECT_EQ(settings.videos_folder, folder_.string());
    const auto logs = files_in(folder_ / "performances", ".jsonl");
    ASSERT_EQ(logs.size(), 1U);
    EXPECT_EQ(load_performance(logs[0]).model, model_.string());
    const fs::path picture = files_in(folder_, ".png").at(0);
    EXPECT_EQ(read_recipe(io::png_text(picture, recipe_keyword).value_or(""), picture).model, model_.string());
}

TEST_F(Latin1Paths, ASessionOpensItsModelAgain) {
    {
        auto stage = open();
        stage->studio->document.save_as(session_);
        ASSERT_TRUE(stage->soon([&] { return !stage->studio->document.saving(); }));
    }
    Stage stage(64, 0, {settings_, 0});
    stage.studio->open_any(session_);
    ASSERT_TRUE(stage.soon([&] { return stage.studio->playback.played_file() == model_.string(); }));
    stage.settle();
}

// Also when the bytes are those of a name in the state, as of latents that were named after their file.
TEST_F(Latin1Paths, NamesInASessionComeBack) {
    Session session;
    session.state.stars.push_back({});
    session.state.stars.back().name = "b\xe4ume";
    session.state.stars.back().latent = {{.seed_a = 1, .seed_b = 1}};
    session.pictures = {folder_.string()};
    const Session back = read_session(session_text(session, session_), session_);
    EXPECT_EQ(back.state, session.state);
    EXPECT_EQ(back.pictures, session.pictures);
}

} // namespace
} // namespace atelier::testing
