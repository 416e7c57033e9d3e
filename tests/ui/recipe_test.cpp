// SPDX-License-Identifier: Apache-2.0
// A saved picture carries what made it, and dropped on the window it brings that back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "io/image.h"
#include "io/png_text.h"
#include "latent/walk.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using namespace studio;
using ::testing::HasSubstr;
using ::testing::StartsWith;

ExplicitRef w_plus(int layers, int dim) {
    ExplicitLatent latent{Space::w, layers, {}};
    for (int i = 0; i < layers * dim; ++i)
        latent.values.push_back(0.1F * static_cast<float>(i) - 0.7F);
    return {std::make_shared<const ExplicitLatent>(std::move(latent))};
}

// Something in every field, in a model of 10 layers.
RenderSettings rich_settings() {
    RenderSettings settings;
    settings.latent = {{.seed_a = 5, .seed_b = 9, .t = 0.3, .weight = 0.25},
                       {.seed_a = 1, .seed_b = 1, .weight = 0.25},
                       {.weight = 0.5, .fixed = w_plus(10, 4)}};
    settings.psi = 0.83;
    settings.cutoff = 7;
    settings.mix.resize(9);
    for (int i = 3; i < 7; ++i)
        settings.mix[static_cast<std::size_t>(i)] = {0.6F, 77, {}}; // the middle group
    settings.mix[0] = {0.4F, 12, {}};
    settings.mix[8] = {1.0F, 0, {{.seed_a = 3, .seed_b = 3}}};
    settings.directions = {{"sefa", 2, 1.5F, 0, 10}, {"pca", 0, -3.0F, 4, 18}};
    settings.noise_strength = 1.7F;
    return settings;
}

class RecipeFiles : public ::testing::Test {
protected:
    std::filesystem::path saved(Stage& stage) {
        stage.studio->settings.videos_folder = folder_.path().string();
        const std::size_t before = folder_.files().size();
        stage.letter('p');
        until_rest(stage);
        EXPECT_EQ(folder_.files().size(), before + 1);
        return std::filesystem::path(stage.studio->toasts.all().back().detail);
    }
    static void until_rest(Stage& stage) {
        EXPECT_TRUE(stage.soon([&] { return !stage.studio->busy(); }));
        stage.settle();
    }
    static void drop(Stage& stage, const std::filesystem::path& file) {
        stage.studio->drop({file});
        until_rest(stage);
    }
    static Toast last_toast(const Stage& stage) {
        const auto& all = stage.studio->toasts.all();
        return all.empty() ? Toast{} : all.back();
    }
    // Two pictures are the same if these are.
    static RenderParams shown(const Stage& stage) {
        RenderParams params =
            params_of_settings(stage.studio->playback.render_settings_now(), stage.studio->playback.context());
        params.precision = Precision::model; // the saved one's, once it is restored
        return params;
    }
    test::Scratch folder_;
};

TEST_F(RecipeFiles, APictureSavedByPComesBackOnAFreshStage) {
    std::filesystem::path file;
    RenderParams before;
    {
        Stage stage;
        stage.state().walk.kind = WalkKind::seeds;
        stage.state().walk.seeds = {4, 8, 15};
        stage.studio->controls.walk.go_to_position(1.37);
        stage.state().truncation = {0.55, 6};
        stage.state().mix.groups[0] = {true, 23, 0.75F, {}};
        stage.state().mix.layers[5] = {true, 42, 0.5F, {}};
        stage.state().noise.strength = 0.4F;
        stage.state().directions = {{"Age", {"sefa", 1, 2.5F, 0, 18}}, {"Pose", {"pca", 0, -1.25F, 2, 6}}};
        until_rest(stage);
        before = shown(stage);
        ASSERT_EQ(before.directions.size(), 2U);
        file = saved(stage);
    }
    Stage stage;
    stage.letter('n');
    stage.state().walk.playing = true;
    stage.state().oscillators.push_back({});
    stage.settle();
    ASSERT_NE(shown(stage), before);
    stage.studio->drop({file});
    ASSERT_TRUE(stage.soon([&] { return last_toast(stage).text.find("restored") != std::string::npos; }));
    EXPECT_TRUE(stage.studio->playback.animator().gliding());
    until_rest(stage);
    EXPECT_EQ(shown(stage), before);
    EXPECT_FALSE(stage.state().walk.playing);
    EXPECT_TRUE(stage.state().mix.groups[0].on) << "a whole group comes back as one";
    EXPECT_TRUE(stage.state().mix.layers[5].own);
    stage.letter('z', true);
    stage.settle();
    EXPECT_NE(shown(stage), before) << "Ctrl+Z leads back";
}

TEST_F(RecipeFiles, RandomNoiseBeginsWithThePicturesAndThePrecisionIsItsOwn) {
    std::filesystem::path file;
    RenderParams before;
    {
        Stage stage;
        stage.state().noise.mode = NoiseMode::random;
        stage.frames(40);
        stage.studio->settings.videos_folder = folder_.path().string();
        stage.state().view.frozen = true;
        stage.frames(2);
        before = stage.studio->playback.shown().params;
        ASSERT_NE(before.noise_seed, 0U);
        stage.letter('p');
        ASSERT_TRUE(stage.soon([&] { return !folder_.files().empty() && !stage.studio->capture.pictures.busy(); }));
        file = folder_ / folder_.files().front();
    }
    Stage stage;
    stage.frames(5);
    const std::size_t asked = stage.source->requests.size();
    stage.studio->drop({file});
    ASSERT_TRUE(stage.soon([&] { return last_toast(stage).text.find("restored") != std::string::npos; }));
    stage.frames(2);
    const auto& all = stage.source->requests;
    const auto same = std::find_if(all.begin() + static_cast<std::ptrdiff_t>(asked), all.end(), [&](const auto& each) {
        return each.noise == NoiseMode::random && each.noise_seed == before.noise_seed;
    });
    ASSERT_NE(same, all.end()) << "the very picture is shown once";
    EXPECT_EQ(resolve_latent(*same), resolve_latent(before));
    EXPECT_EQ(same->psi, before.psi);
    EXPECT_EQ(same->precision, Precision::fp32) << "as the saved one was made";
}

TEST_F(RecipeFiles, ASeedComesBackAsOne) {
    Stage stage;
    stage.studio->playback.go_to_seed(31);
    until_rest(stage);
    const auto file = saved(stage);
    stage.letter('n');
    until_rest(stage);
    drop(stage, file);
    EXPECT_EQ(stage.studio->playback.seed_now(), 31U);
}

TEST_F(RecipeFiles, TheModelIsOpenedWhereItIs) {
    Stage stage;
    const auto model = folder_ / "m.pkl";
    test::put_bytes(model, test::bytes_of("x"));
    stage.studio->playback.open(model);
    stage.studio->playback.go_to_seed(31);
    until_rest(stage);
    const auto file = saved(stage);
    stage.studio->playback.open("/models/other.pkl");
    stage.letter('n');
    until_rest(stage);
    drop(stage, file);
    EXPECT_EQ(stage.studio->playback.opened_file(), model.string());
    EXPECT_EQ(stage.studio->playback.seed_now(), 31U);

    // Gone: the look comes on the model that plays, and that is said.
    stage.studio->playback.open("/models/other.pkl");
    stage.letter('n');
    until_rest(stage);
    std::filesystem::remove(model);
    drop(stage, file);
    EXPECT_EQ(stage.studio->playback.opened_file(), "/models/other.pkl");
    EXPECT_EQ(stage.studio->playback.seed_now(), 31U);
    const auto& toasts = stage.studio->toasts.all();
    EXPECT_TRUE(std::any_of(toasts.begin(), toasts.end(), [&](const Toast& toast) {
        return toast.text == "The picture's model is not there" &&
               toast.detail.find(model.string()) != std::string::npos;
    }));
}

TEST_F(RecipeFiles, WithoutARecipeASentenceSaysSo) {
    Stage stage;
    stage.studio->settings.save_recipes = false;
    const auto plain = saved(stage);
    EXPECT_EQ(io::png_text(plain, recipe_keyword), std::nullopt);
    const StudioState before = stage.state();
    drop(stage, plain);
    EXPECT_EQ(last_toast(stage).text, "This picture has no recipe");
    const auto wrong = folder_ / "w.PNG";
    test::put_bytes(wrong, test::bytes_of("not a picture"));
    drop(stage, wrong);
    EXPECT_EQ(last_toast(stage).text, "The picture can't be opened");
    EXPECT_THAT(last_toast(stage).detail, StartsWith(wrong.string()));
    EXPECT_EQ(stage.state(), before);
}

TEST_F(RecipeFiles, LatentsOfAnotherModelAreRefused) {
    Stage stage;
    Recipe recipe{"/models/test.pkl", 18, {}};
    recipe.settings.latent = {{.fixed = w_plus(18, 4)}};
    const auto file = folder_ / "a.png";
    io::write_png(file, {1, 1, 3, {0, 0, 0}}, 8, io::png_text_chunk(recipe_keyword, recipe_text(recipe)));
    const StudioState before = stage.state();
    drop(stage, file);
    EXPECT_EQ(last_toast(stage).text, "The picture can't be restored");
    EXPECT_EQ(stage.state(), before);
}

TEST(Recipe, EveryFieldOfALookComesBackThroughTextAndPanels) {
    const Recipe recipe{"/models/a.pkl", 10, rich_settings()};
    const Recipe back = read_recipe(recipe_text(recipe), "a.png");
    EXPECT_EQ(back, recipe);
    const StudioState state = with_settings({}, back.settings, 10);
    Animator animated;
    animated.reset(state);
    EXPECT_EQ(make_render_settings(state, animated.values(), 10), recipe.settings);
    EXPECT_TRUE(state.mix.groups[1].on);
    EXPECT_FALSE(state.mix.groups[0].on);
}

TEST(Recipe, TruncationByLayerBecomesACutoff) {
    RenderSettings settings;
    settings.layer_psi = {0.5F, 0.5F, 0.5F, 1, 1};
    EXPECT_EQ(with_settings({}, settings, 10).truncation, (TruncationState{0.5, 3}));
    settings.layer_psi = std::vector<float>(10, 0.5F);
    EXPECT_EQ(with_settings({}, settings, 10).truncation, (TruncationState{0.5, -1}));
}

// Up to version 1 a seed of random noise named other numbers; the picture comes back but for them, and that is said.
TEST(Recipe, OldRandomNoiseIsToldApart) {
    for (const NoiseMode noise : {NoiseMode::constant, NoiseMode::random}) {
        Recipe recipe{"", 10, {}};
        recipe.settings.noise = noise;
        std::string text = recipe_text(recipe);
        EXPECT_FALSE(read_recipe(text, "a.png").old_noise);
        const std::string now = "\"version\":2";
        text.replace(text.find(now), now.size(), "\"version\":1");
        EXPECT_EQ(read_recipe(text, "a.png").old_noise, noise == NoiseMode::random);
    }
}

TEST(Recipe, DamagedOnesAreRefusedByName) {
    const std::string good = recipe_text({"/m.pkl", 10, rich_settings()});
    const auto says = [](const std::string& text) -> std::string {
        try {
            read_recipe(text, "a.png");
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_EQ(says(good), "");
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string text = good;
        const std::size_t at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        return text.replace(at, from.size(), to);
    };
    EXPECT_THAT(says(""), HasSubstr("damaged"));
    EXPECT_THAT(says("[]"), HasSubstr("damaged"));
    EXPECT_THAT(says(with("\"picture\"", "\"session\"")), HasSubstr("damaged"));
    EXPECT_THAT(says(with("\"version\":2", "\"version\":3")), HasSubstr("newer Atelier"));
    EXPECT_THAT(says(with("\"version\":2", "\"version\":\"2\"")), HasSubstr("damaged"));
    EXPECT_THAT(says(with("\"num_ws\":10", "\"num_ws\":1000")), HasSubstr("damaged"));
    EXPECT_THAT(says(with("\"/m.pkl\"", "[]")), HasSubstr("damaged"));
    EXPECT_THAT(says(with("\"psi\":0.83", "\"psi\":1e9")), StartsWith("a.png: psi must be"));
    EXPECT_THAT(says(with("\"values\":[", "\"values\":[null,")), HasSubstr("values must be"));
}

} // namespace
} // namespace atelier::testing
