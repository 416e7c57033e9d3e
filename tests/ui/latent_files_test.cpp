// SPDX-License-Identifier: Apache-2.0
// Latents from files become stars; what is shown, starred or on the timeline goes to files that give it back.
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "latent/walk.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using namespace studio;
using ::testing::EndsWith;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

constexpr int dim = 4, num_ws = 10;

NamedLatent named(const std::string& name, float value, int layers = 1, Space space = Space::w) {
    ExplicitLatent latent{space, layers, {}};
    latent.values.assign(static_cast<std::size_t>(layers * dim), value);
    return {name, {std::make_shared<const ExplicitLatent>(std::move(latent))}};
}

class LatentFilesTest : public ::testing::Test {
protected:
    LatentFilesTest() {
        stage_.source->dims = dim;
        stage_.studio->playback.open("/models/with_sizes.pkl");
        stage_.studio->settings.videos_folder = folder_.path().string();
        stage_.settle();
    }
    void until_rest() {
        for (int i = 0; i < 3000 && stage_.studio->library.latent_files.busy(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            stage_.frame();
        }
        stage_.settle();
    }
    void drop(const fs::path& file) {
        stage_.studio->drop({file});
        until_rest();
    }
    fs::path file_of(const char* name, const std::vector<NamedLatent>& latents) {
        save_latents(folder_ / name, latents);
        return folder_ / name;
    }
    std::vector<NamedLatent> read(const fs::path& file) { return load_latents(file, dim, dim, num_ws); }
    const std::vector<Star>& stars() { return stage_.state().stars; }
    Toast last_toast() { return stage_.studio->toasts.all().empty() ? Toast{} : stage_.studio->toasts.all().back(); }
    int last_of(const std::string& id) {
        int last = 0;
        try {
            for (;; ++last)
                stage_.find(id, last + 1);
        } catch (const std::runtime_error&) {
            return last;
        }
    }
    // Through the dialog; by its buttons' names.
    fs::path save(const std::vector<std::string>& choices) {
        handle_key(*stage_.studio, {Key::letter, 's', true, false, false, false}, false);
        stage_.frames(20);
        EXPECT_EQ(stage_.studio->ui.dialog, Dialog::save_latents);
        for (const std::string& choice : choices)
            stage_.click(choice, last_of(choice)); // the panel has a z and a w, too
        stage_.click("##latents-save");
        until_rest();
        EXPECT_EQ(stage_.studio->ui.dialog, Dialog::none);
        return last_toast().detail;
    }
    test::Scratch folder_;
    Stage stage_{64, num_ws, {}, {1280, 2200}};
};

TEST_F(LatentFilesTest, DroppedLatentsAreStarredAndTheFirstIsShown) {
    int count = 0;
    for (const char* name : {"some.npz", "some.npy", "some.safetensors"}) {
        drop(file_of(name, {named("Ann", 1), named("Bob", 2)}));
        ASSERT_EQ(stars().size(), static_cast<std::size_t>(count += 2)) << name << last_toast().detail;
        EXPECT_EQ(resolve_latent(stage_.last_request()), (LatentBlend{{.fixed = named("", 1).latent}})) << name;
        EXPECT_THAT(last_toast().text, HasSubstr("2 latents")) << name;
    }
    EXPECT_EQ(stars()[0].name, "Ann");
    EXPECT_EQ(stars()[2].name, "some 0") << "a .npy holds no names";
    EXPECT_EQ(stars()[5].latent[0].fixed, named("", 2).latent);
    stage_.letter('z', true);
    EXPECT_EQ(stars().size(), 4U) << "a file is one step of undo";
}

TEST_F(LatentFilesTest, ManyAreCutAndItIsSaid) {
    std::vector<NamedLatent> many;
    for (int i = 0; i < 300; ++i)
        many.push_back(named(std::to_string(i), 0.1F * static_cast<float>(i)));
    drop(file_of("many.npz", many));
    EXPECT_EQ(stars().size(), most_stars_of_file);
    EXPECT_THAT(last_toast().detail, HasSubstr("300"));
}

TEST_F(LatentFilesTest, WhatDoesNotFitIsSaidInOneSentence) {
    save_latents(folder_ / "other.npz", {named("a", 1, 3)});
    drop(folder_ / "other.npz");
    EXPECT_TRUE(stars().empty());
    EXPECT_EQ(last_toast().kind, ToastKind::bad);
    EXPECT_THAT(last_toast().detail, HasSubstr("other.npz: array 'ws'"));
    drop(folder_ / "missing.npy");
    EXPECT_THAT(last_toast().detail, HasSubstr("missing.npy"));
}

TEST_F(LatentFilesTest, AModelInSafetensorsStillOpensAsOne) {
    const std::string header = R"({"synthesis.b4.const":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                               R"("z":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})";
    std::string length(8, '\0');
    length[0] = static_cast<char>(header.size());
    test::put_bytes(folder_ / "model.safetensors", test::bytes_of(length + header + std::string(8, '\0')));
    const std::uint64_t before = stage_.source->load_status().ticket;
    drop(folder_ / "model.safetensors");
    EXPECT_EQ(stage_.source->load_status().ticket, before + 1);
    EXPECT_TRUE(stars().empty());
}

TEST_F(LatentFilesTest, WhatIsSavedComesBack) {
    stage_.studio->playback.go_to_seed(31);
    stage_.settle();
    auto latents = read(save({"z", "npz"}));
    ASSERT_EQ(latents.size(), 1U);
    EXPECT_EQ(latents[0], named("Seed 31", 31, 1, Space::z));
    stage_.studio->library.stars.add_shown();
    stage_.studio->library.stars.add(
        {{.seed_a = 5, .seed_b = 5, .weight = 0.5}, {.seed_a = 6, .seed_b = 6, .weight = 0.5}}, "Half");
    stage_.frame();
    fs::path file = save({"w", "safetensors"}); // the stars, now that there are some
    EXPECT_THAT(file.string(), EndsWith("-latents.safetensors"));
    latents = read(file);
    ASSERT_EQ(latents.size(), 2U);
    EXPECT_EQ(latents[1], named("Half", 5));
    file = save({"Shown", "w as shown", "npy"});
    latents = read(file);
    ASSERT_EQ(latents.size(), 1U);
    EXPECT_EQ(latents[0].latent, named("", 31, num_ws).latent);
    stage_.studio->library.timeline.add();
    stage_.frame();
    latents = read(save({"Moments", "w", "npz"}));
    EXPECT_EQ(latents[0], named("Moment at 0 s", 31));
    EXPECT_TRUE(stage_.studio->library.latent_files.busy() == false);
}

TEST_F(LatentFilesTest, WhatHasNoZIsLeftOutOrRefused) {
    const LatentBlend half{{.seed_a = 5, .seed_b = 5, .weight = 0.5}, {.seed_a = 6, .seed_b = 6, .weight = 0.5}};
    stage_.studio->library.stars.add(half, "Half");
    stage_.frame();
    save({"Stars", "z", "npz"});
    EXPECT_EQ(last_toast().kind, ToastKind::bad);
    EXPECT_THAT(last_toast().detail, HasSubstr("has a z")) << last_toast().detail;
    stage_.studio->library.stars.add({{.seed_a = 9, .seed_b = 9}}, "Nine");
    stage_.frame();
    const auto latents = read(save({"Stars", "z"}));
    ASSERT_EQ(latents.size(), 1U);
    EXPECT_EQ(latents[0], named("Nine", 9, 1, Space::z));
    EXPECT_THAT(last_toast().text, HasSubstr("1 without a z left out"));
    save({"Stars", "npy"}); // can't be chosen with z
    EXPECT_THAT(last_toast().detail, ::testing::Not(EndsWith(".npy")));
}

TEST(LatentFiles, WithoutAModelItSaysWhatToDo) {
    test::Scratch folder;
    save_latents(folder / "early.npz", {named("a", 1)});
    Stage empty{64, 0};
    empty.studio->drop({folder / "early.npz"});
    empty.frames(3);
    ASSERT_FALSE(empty.studio->toasts.all().empty());
    EXPECT_THAT(empty.studio->toasts.all().back().detail, HasSubstr("model first"));
    EXPECT_FALSE(empty.studio->library.latent_files.busy());
}

} // namespace
} // namespace atelier::testing
