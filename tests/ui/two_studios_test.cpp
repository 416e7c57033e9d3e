// SPDX-License-Identifier: Apache-2.0
// Two studios on one folder: the second says so, and nothing of either is lost. Without a window.
#include <algorithm>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "studio/core/settings_text.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

namespace fs = std::filesystem;
using namespace studio;
using ::testing::ElementsAre;

class TwoStudios : public ::testing::Test {
protected:
    std::unique_ptr<Studio> start() {
        return std::make_unique<Studio>(
            std::make_unique<SyntheticSource>(), [](const PixelBuffer&) { return std::make_unique<NoImage>(); },
            StudioOptions{scratch_ / "studio.json", 85});
    }
    static void turn(Studio& studio, int times = 1) {
        for (int i = 0; i < times; ++i) {
            studio.tick(0.25);
            studio.advance();
        }
    }
    static bool told(const Studio& studio, const std::string& text) {
        return std::ranges::any_of(studio.toasts.all(), [&](const Toast& each) { return each.text == text; });
    }
    std::vector<double> autosaved() const {
        std::vector<double> all;
        for (const auto& each : fs::directory_iterator(scratch_.path())) {
            if (is_session_file(each.path()))
                all.push_back(load_session(each.path()).state.truncation.psi);
        }
        std::ranges::sort(all);
        return all;
    }

    test::Scratch scratch_;
};

TEST_F(TwoStudios, TheSecondSaysSo) {
    const auto first = start();
    EXPECT_FALSE(told(*first, "Another Atelier is running"));
    const auto second = start();
    EXPECT_TRUE(told(*second, "Another Atelier is running"));
    EXPECT_FALSE(second->start.asks()) << "the first one has not ended";
}

TEST_F(TwoStudios, EachKeepsItsOwnSession) {
    const auto first = start(), second = start();
    first->state.truncation.psi = 0.25;
    second->state.truncation.psi = 0.75;
    for (int i = 0; i < 500 && autosaved().size() < 2; ++i) {
        turn(*first);
        turn(*second);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_THAT(autosaved(), ElementsAre(0.25, 0.75));
}

TEST_F(TwoStudios, SettingsOfBothAreKept) {
    auto first = start();
    first->settings.add_recent("/models/first.pkl");
    first->settings_file.save_now();
    auto second = start();
    first->settings.glide_seconds = 2;
    first->settings.add_recent("/models/of-the-first.pkl");
    first->settings.folds["WALK"] = false;
    second->settings.interface_scale = 1.5;
    second->settings.add_recent("/models/of-the-second.pkl");
    second->settings.folds["MIX"] = false;
    first->settings_file.save_now();
    second->settings_file.save_now();
    first->settings.save_recipes = false;
    first.reset();
    second.reset();
    const Settings kept = load_settings(scratch_ / "studio.json");
    EXPECT_EQ(kept.glide_seconds, 2);
    EXPECT_EQ(kept.interface_scale, 1.5);
    EXPECT_FALSE(kept.save_recipes);
    EXPECT_FALSE(kept.is_open("WALK"));
    EXPECT_FALSE(kept.is_open("MIX"));
    EXPECT_THAT(kept.recent, ::testing::UnorderedElementsAre("/models/first.pkl", "/models/of-the-first.pkl",
                                                             "/models/of-the-second.pkl"));
}

TEST_F(TwoStudios, OfASettingThatBothChangeTheLastChangeStays) {
    auto first = start(), second = start();
    first->settings.glide_seconds = 2;
    first->settings_file.save_now();
    second->settings.glide_seconds = 3;
    second->settings_file.save_now();
    first.reset();
    second.reset();
    EXPECT_EQ(load_settings(scratch_ / "studio.json").glide_seconds, 3);
}

// Many changes at once from two sides: none gets between the reading and the writing of the other.
TEST_F(TwoStudios, WritingAtTheSameMomentLosesNothing) {
    Settings a, b;
    SettingsFile one(a, scratch_ / "studio.json"), two(b, scratch_ / "studio.json");
    std::thread left([&] {
        for (int i = 0; i < 20; ++i) {
            a.folds["left " + std::to_string(i)] = true;
            one.save_now();
        }
    });
    for (int i = 0; i < 20; ++i) {
        b.folds["right " + std::to_string(i)] = true;
        two.save_now();
    }
    left.join();
    EXPECT_EQ(load_settings(scratch_ / "studio.json").folds.size(), 40U);
}

TEST(SettingsText, WhatCantBeReadIsReplaced) {
    Settings now;
    now.glide_seconds = 2;
    EXPECT_EQ(settings_text(now, {}, "{"), settings_text(now));
    EXPECT_EQ(settings_text(now, {}, ""), settings_text(now));
    EXPECT_EQ(settings_text(now, {}, settings_text({})), settings_text(now));
}

} // namespace
} // namespace atelier::testing
