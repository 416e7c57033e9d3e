// SPDX-License-Identifier: Apache-2.0
// What was chosen by hand about the pictures of a set: from one day to the next, and what no one may lose.
#include <chrono>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "studio/dataset/choice_store.h"
#include "support/scratch.h"
#include "ui/stage.h"
#include "ui/synthetic_dataset_service.h"

namespace atelier::testing {
namespace {

namespace fs = std::filesystem;
using prepare::Override;
using studio::ChoiceStore;
using studio::HandChoices;

const HandChoices some{{{1, Override::keep}, {~0ULL, Override::drop}}, {{1, {0.25, -0.125, 1.5}}}};

class KeptChoices : public ::testing::Test {
protected:
    fs::path folder() const { return scratch_.path() / "choices"; }
    std::vector<fs::path> files() const {
        std::vector<fs::path> found;
        if (fs::exists(folder())) {
            for (const auto& entry : fs::directory_iterator(folder()))
                found.push_back(entry.path());
        }
        return found;
    }
    static std::string text_of(const fs::path& file) {
        const auto bytes = test::file_bytes(file);
        return {bytes.begin(), bytes.end()};
    }
    // What the file has of these.
    std::optional<HandChoices> read(ChoiceStore& files) {
        for (int i = 0; i < 500; ++i) {
            if (auto choices = files.take())
                return choices;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return {};
    }
    void keep(const fs::path& of, const HandChoices& choices) {
        ChoiceStore files(folder());
        files.open(of);
        files.tick(choices, 0);
        files.finish();
    }
    test::Scratch scratch_;
};

TEST_F(KeptChoices, ComeBackAsTheyWere) {
    keep("/a.work", some);
    keep("/b.work", {{{7, Override::drop}}, {}});
    ASSERT_EQ(files().size(), 2U);
    ChoiceStore again(folder());
    again.open("/a.work");
    EXPECT_EQ(read(again), some);
    EXPECT_EQ(again.take(), std::nullopt) << "once";
    again.open("/b.work");
    const HandChoices other{{{7, Override::drop}}, {}};
    EXPECT_EQ(read(again), other);
    EXPECT_EQ(again.take_error(), "");
}

TEST_F(KeptChoices, AreWrittenWhenTheyHaveStoodForASecond) {
    ChoiceStore choices(folder());
    choices.open("/a.work");
    for (int i = 0; i < 200 && files().empty(); ++i) {
        choices.take();
        choices.tick(some, i < 20 ? 0.04 : 0.25);
        EXPECT_TRUE(i >= 20 || files().empty()) << i;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ASSERT_EQ(files().size(), 1U);
    EXPECT_EQ(studio::load_choices(files()[0]), some);
    choices.tick({}, 0);
    choices.finish();
    EXPECT_TRUE(files().empty()) << "nothing is chosen any more";
}

TEST_F(KeptChoices, WhatIsChosenWhileTheFileIsReadJoinsIt) {
    keep("/a.work", some);
    ChoiceStore choices(folder());
    choices.open("/a.work");
    const HandChoices now{{{1, Override::drop}, {5, Override::keep}}, {}};
    choices.tick(now, 0);
    choices.open("/b.work"); // before anyone took it
    choices.open("/a.work");
    HandChoices both = now;
    both.join(some);
    EXPECT_EQ(both.overrides.at(1), Override::drop) << "the newer one";
    EXPECT_EQ(both.overrides.size(), 3U);
    EXPECT_EQ(read(choices), both);
}

TEST_F(KeptChoices, AFileThatMakesNoSenseIsNamedAndLeftAlone) {
    keep("/a.work", some);
    const fs::path file = files().at(0);
    const std::string good = text_of(file);
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string text = good;
        text.replace(text.find(from), from.size(), to);
        return text;
    };
    const std::pair<std::string, const char*> bad[] = {
        {"", "is damaged"},
        {good.substr(0, good.size() / 2), "is damaged"},
        {"[]", "is damaged"},
        {with("\"keep\": true", "\"keep\": 1"), "is damaged"},
        {with("0.25", "1e400"), "is damaged"},
        {with("0.25", "33"), "is damaged"},
        {with("1.5", "-1"), "is damaged"},
        {with("0000000000000001", "000000000000000g"), "is damaged"},
        {with("\"version\": 1", "\"version\": 2"), "is of a newer version of Atelier"}};
    for (const auto& [text, why] : bad) {
        std::ofstream(file) << text;
        ChoiceStore choices(folder());
        choices.open("/a.work");
        std::string error;
        for (int i = 0; i < 500 && error.empty(); ++i) {
            EXPECT_EQ(choices.take(), std::nullopt) << text;
            error = choices.take_error();
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        EXPECT_EQ(error, file.string() + ": " + why + "; remove it for choices made by hand to be kept.") << text;
        choices.tick(some, 0);
        choices.tick(some, 2);
        choices.finish();
        EXPECT_EQ(text_of(file), text);
    }
}

TEST_F(KeptChoices, OldFilesGo) {
    fs::create_directories(folder());
    for (int i = 0; i < 205; ++i) {
        const fs::path file = folder() / (std::to_string(i) + ".json");
        std::ofstream(file) << i;
        fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(i + 1));
    }
    keep("/a.work", some);
    EXPECT_EQ(files().size(), 200U);
    EXPECT_TRUE(fs::exists(folder() / "0.json"));
    EXPECT_FALSE(fs::exists(folder() / "204.json"));
}

TEST_F(KeptChoices, NothingIsKeptWithoutAFolder) {
    ChoiceStore choices({});
    choices.open("/a.work");
    choices.tick(some, 0);
    choices.tick(some, 2);
    choices.finish();
    EXPECT_TRUE(files().empty());
}

// The studio, closed and opened again.
class DataTomorrow : public KeptChoices {
protected:
    void begin(bool counted = true) {
        studio::StudioOptions options;
        options.settings_file = scratch_.path() / "settings.json";
        stage_.reset();
        stage_ = std::make_unique<Stage>(std::unique_ptr<studio::DatasetService>(data_ = new SyntheticData), options,
                                         ImVec2{1280, 1500});
        stage_->letter('d');
        const fs::path pictures = scratch_.path() / "pictures";
        fs::create_directories(pictures);
        std::ofstream(pictures / "a.png") << "a";
        dataset().add({pictures});
        ASSERT_TRUE(stage_->soon([&] { return !data_->begun.empty() && !data_->begun.back().inputs.empty(); }));
        stage_->frames(2);
        data_->finish();
        for (int i = 0; i < 200 && counted && dataset().by_hand() == 0; ++i) {
            stage_->frames(1);
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        stage_->frames(12);
    }
    studio::DatasetController& dataset() { return stage_->studio->dataset; }

    SyntheticData* data_ = nullptr;
    std::unique_ptr<Stage> stage_;
};

TEST_F(DataTomorrow, ChoicesAndCropsAreBack) {
    begin(false);
    const studio::DataItem first = dataset().view().items.at(0), second = dataset().view().items.at(1);
    dataset().toggle(first);
    dataset().move_crop(second, {0.05, 0, 0.8});
    const studio::CropChange moved = dataset().crop_of(second.id);
    stage_->frames(2);

    begin();
    EXPECT_EQ(dataset().by_hand(), 2U);
    EXPECT_EQ(dataset().view().items.at(0).kept, !first.kept);
    EXPECT_NE(dataset().view().items.at(0).request, Override::none);
    EXPECT_EQ(dataset().crop_of(second.id), moved);
    ASSERT_FALSE(stage_->studio->toasts.all().empty());
    EXPECT_EQ(stage_->studio->toasts.all().back().text, "2 choices made by hand are back");

    dataset().clear();
    stage_->frames(2);
    EXPECT_EQ(dataset().by_hand(), 0U);
    begin();
    EXPECT_EQ(dataset().by_hand(), 2U) << "the pictures were taken away, not the choices";

    dataset().forget_requests();
    stage_->frames(2);
    begin(false);
    EXPECT_EQ(dataset().by_hand(), 0U);
    EXPECT_TRUE(files().empty());
}

} // namespace
} // namespace atelier::testing
