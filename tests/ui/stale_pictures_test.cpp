// SPDX-License-Identifier: Apache-2.0
// What is asked for twice: thumbnails of a model that changes, and saves while one is on its way.
#include <gtest/gtest.h>

#include "studio/services/thumbnails.h"
#include "studio/state/session.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

namespace fs = std::filesystem;
using namespace studio;

class Thumbs : public ::testing::Test {
protected:
    Thumbs() { source_.load("/models/test.pkl"); }
    // A frame in which seed 7 is looked at. True if its picture is asked for.
    bool look() {
        thumbnails_.get(7);
        source_.wanted_thumbnails.clear();
        asked_ = false;
        thumbnails_.update(source_, source_.load_status().playing);
        asked_ = !source_.wanted_thumbnails.empty();
        return asked_;
    }
    // What the model makes of it, which comes with the next frame.
    void arrives(std::vector<ThumbnailRequest> requests) { source_.wanted_thumbnails = std::move(requests); }

    SyntheticSource source_;
    Thumbnails thumbnails_{[](const PixelBuffer&) { return std::make_unique<NoImage>(); }};
    bool asked_ = false;
};

TEST_F(Thumbs, OneThatWasAskedForBeforeTheModelChangedIsMadeAgain) {
    ASSERT_TRUE(look());
    const std::vector<ThumbnailRequest> before = source_.wanted_thumbnails;
    thumbnails_.refresh();
    EXPECT_TRUE(look()) << "the request on its way is of the model as it was";
    const std::vector<ThumbnailRequest> after = source_.wanted_thumbnails;

    thumbnails_.get(7);
    arrives(before);
    thumbnails_.update(source_, source_.load_status().playing);
    EXPECT_EQ(thumbnails_.received(), 1U);
    EXPECT_EQ(thumbnails_.waiting(), 1U) << "better than none, but not fresh";

    thumbnails_.get(7);
    arrives(after);
    thumbnails_.update(source_, source_.load_status().playing);
    EXPECT_EQ(thumbnails_.received(), 2U);
    EXPECT_EQ(thumbnails_.waiting(), 0U);
    EXPECT_FALSE(look());
}

TEST(NewNames, BeginWithWhatTheModelIsCalled) {
    Stage stage;
    for (const auto& [model, begin] :
         {std::pair{"cats-003 in training", "cats-003-2"}, std::pair{"cats-003 at 1.25 kimg", "cats-003-1.25kimg-2"},
          std::pair{"cats.v2.pkl", "cats.v2-"}, std::pair{"../a/b.pkl", "b-"}, std::pair{"...", "atelier-"},
          std::pair{"snapshot-000001.25.safetensors", "snapshot-000001.25-"}}) {
        stage.studio->names.set_model(model);
        EXPECT_TRUE(stage.studio->names.new_file(".png").filename().string().starts_with(begin)) << model;
    }
}

TEST(SaveTwice, WhatIsSavedWhileASaveIsOnItsWayIsSavedToo) {
    test::Scratch scratch;
    const fs::path file = scratch / "show.atelier", other = scratch / "other.atelier";
    Stage stage(64, 10, {scratch / "studio.json", 85});
    stage.state().truncation.psi = 0.25;
    stage.studio->document.save_as(file);
    stage.state().truncation.psi = 0.5;
    stage.studio->document.save_as(file); // before the next tick: the first can't have been told
    stage.state().truncation.psi = 0.75;
    ASSERT_TRUE(stage.soon([&] { return !stage.studio->document.saving(); }));
    EXPECT_EQ(load_session(file).state.truncation.psi, 0.5);
    EXPECT_TRUE(stage.studio->document.unsaved()) << "what came after it is in no file";

    stage.studio->document.save_as(file);
    stage.studio->document.save_as(other);
    stage.studio.reset(); // the window closes at once
    EXPECT_EQ(load_session(file).state.truncation.psi, 0.75);
    EXPECT_EQ(load_session(other).state.truncation.psi, 0.75);
}

} // namespace
} // namespace atelier::testing
