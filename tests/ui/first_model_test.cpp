// SPDX-License-Identifier: Apache-2.0
// A window that nobody named a file for opens what played last, else the model that comes with the program.
#include <gtest/gtest.h>

#include "studio/core/settings.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

namespace fs = std::filesystem;
using namespace studio;

class FirstModel : public ::testing::Test {
protected:
    FirstModel() {
        for (const fs::path& each : {a_, b_})
            test::put_bytes(each, {1});
    }
    std::unique_ptr<Stage> stage() { return std::make_unique<Stage>(64, 0, StudioOptions{file_, 85}); }
    fs::path first() const { return first_to_open(load_settings(file_), "/the/bundled"); }
    void save(Stage& stage) {
        stage.studio->document.save_as(session_);
        ASSERT_TRUE(stage.soon([&] { return !stage.studio->document.saving(); }));
        stage.frames(2);
    }

    test::Scratch scratch_;
    const fs::path file_ = scratch_ / "studio.json", a_ = scratch_ / "a.pkl", b_ = scratch_ / "b.pkl";
    const fs::path session_ = scratch_ / "show.atelier";
};

TEST_F(FirstModel, IsTheBundledOneAtFirst) {
    EXPECT_EQ(first(), "/the/bundled");
}

TEST_F(FirstModel, IsTheModelThatPlayedLast) {
    {
        const auto one = stage();
        one->studio->playback.open(a_);
        one->frames(2);
        one->studio->playback.open(b_);
        one->frames(2);
        one->studio->playback.open(a_);
        one->frames(2);
    }
    EXPECT_EQ(first(), a_);
    { stage(); } // nothing is opened
    EXPECT_EQ(first(), a_);
    fs::remove(a_);
    EXPECT_EQ(first(), b_) << "the one before";
    fs::remove(b_);
    EXPECT_EQ(first(), "/the/bundled");
}

TEST_F(FirstModel, IsTheSessionWhileItsModelPlays) {
    {
        const auto one = stage();
        one->studio->playback.open(a_);
        one->frames(2);
        save(*one);
    }
    EXPECT_EQ(first(), session_);
    {
        const auto one = stage();
        one->studio->open_any(session_);
        ASSERT_TRUE(one->soon([&] { return one->studio->playback.played_file() == a_; }));
        one->frames(2);
    }
    EXPECT_EQ(first(), session_) << "its model is not what was opened";
    {
        const auto one = stage();
        one->studio->open_any(session_);
        ASSERT_TRUE(one->soon([&] { return one->studio->playback.played_file() == a_; }));
        one->studio->playback.open(b_);
        one->frames(2);
    }
    EXPECT_EQ(first(), b_);
}

} // namespace
} // namespace atelier::testing
