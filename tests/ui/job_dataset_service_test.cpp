// SPDX-License-Identifier: Apache-2.0
// The maker of data sets behind the Data panel, over real files, without panels.
#include <chrono>
#include <fstream>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/image.h"
#include "io/zip_file.h"
#include "studio/adapters/job_dataset_service.h"
#include "support/scratch.h"

namespace atelier::studio {
namespace {

namespace fs = std::filesystem;
using prepare::Override;

// Twelve pictures of 96 x 64 px, each with a bar elsewhere.
class MadeSets : public ::testing::Test {
protected:
    MadeSets() {
        fs::create_directories(in());
        for (int i = 0; i < 12; ++i)
            add(i);
        work_.inputs = {in()};
        work_.cut.size = 64;
        work_.work_folder = scratch_ / "in-set.zip.work";
        choices_.limits = source_->standard_limits(work_.cut);
    }
    fs::path in() const { return scratch_ / "in"; }
    void add(int number) {
        io::Image8 image{96, 64, 3, std::vector<std::uint8_t>(96 * 64 * 3, 200)};
        for (int y = 0; y < 64; ++y) {
            for (int x = number * 6; x < number * 6 + 12; ++x)
                image.pixels[static_cast<std::size_t>(y * 96 + x) * 3 + 1] = 20;
        }
        io::write_png(in() / ("p" + std::to_string(10 + number) + ".png"), image);
    }
    bool wait(const std::function<bool(const DataStatus&)>& condition) {
        for (int i = 0; i < 1500; ++i) {
            if (condition(source_->status()))
                return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return false;
    }
    void look() {
        source_->begin(work_);
        source_->choose(choices_);
        const auto all = [](const DataStatus& s) { return s.state == DataState::ready && s.done == s.total; };
        ASSERT_TRUE(wait(all)) << source_->status().message;
    }
    DataView choose() {
        source_->choose(choices_);
        const std::uint64_t number = ++chosen_;
        EXPECT_TRUE(wait([&](const DataStatus& s) { return s.view && s.view->choices > number; }));
        return *source_->status().view;
    }

    test::Scratch scratch_;
    std::unique_ptr<DatasetService> source_ = std::make_unique<JobDatasetService>(1);
    DataWork work_;
    DataChoices choices_;
    std::uint64_t chosen_ = 0;
};

TEST_F(MadeSets, FindsJudgesAndWrites) {
    look();
    EXPECT_EQ(source_->status().view->items.size(), 12U);
    EXPECT_EQ(source_->status().view->kept, 12U);
    choices_.overrides[source_->status().view->items[3].id] = Override::drop;
    EXPECT_EQ(choose().kept, 11U);
    const fs::path set = scratch_ / "in-set.zip";
    source_->write(set);
    ASSERT_TRUE(wait([](const DataStatus& s) { return s.sets == 1; }));
    EXPECT_EQ(source_->status().set, set.string()) << source_->status().message;
    EXPECT_EQ(source_->status().state, DataState::ready);
    EXPECT_EQ(io::ZipFile(set).entries().size(), 12U);
    EXPECT_TRUE(fs::exists(scratch_ / "in-set-report.html"));
    EXPECT_TRUE(fs::exists(work_.work_folder)) << "more may be changed";
    source_.reset();
    EXPECT_FALSE(fs::exists(work_.work_folder));
}

TEST_F(MadeSets, OffersTheLimitThatWouldKeepSome) {
    look();
    EXPECT_FALSE(source_->status().view->offer) << "all are kept";
    choices_.limits.source = 1000;
    const DataView view = choose();
    ASSERT_TRUE(view.offer);
    EXPECT_EQ(view.offer->words, "Pixels 64 px keeps 12 of 12");
    choices_.limits.source = view.offer->changes.at(0).second;
    EXPECT_EQ(choose().kept, 12U);
}

TEST_F(MadeSets, TakesUpWhatWasDone) {
    look();
    const auto ids = [this] {
        std::vector<std::uint64_t> all;
        const auto held = source_->status().view;
        for (const DataItem& item : held->items)
            all.push_back(item.id);
        return all;
    };
    const auto before = ids();
    source_ = nullptr;
    EXPECT_TRUE(fs::exists(work_.work_folder));
    source_ = std::make_unique<JobDatasetService>(1);
    add(12);
    look();
    EXPECT_EQ(source_->status().reused, 12U);
    EXPECT_EQ(source_->status().total, 13U);
    const auto after = ids();
    EXPECT_TRUE(std::equal(before.begin(), before.end(), after.begin())) << "each picture keeps its number";
}

TEST_F(MadeSets, MovedCropsAreCutAnewAndComeIntoTheSet) {
    look();
    const DataItem before = source_->status().view->items[0];
    choices_.crops[before.id] = {-0.1, 0, 0.5};
    const DataItem after = choose().items[0];
    EXPECT_NE(after.picture, before.picture);
    EXPECT_EQ(after.id, before.id);
    EXPECT_EQ(after.scores[static_cast<std::size_t>(Score::source)], 32);
    EXPECT_NEAR(after.corners[0].x, after.automatic[0].x + (after.automatic[1].x - after.automatic[0].x) / 4 - 0.1,
                1e-9);
    choices_.crops.clear();
    EXPECT_EQ(choose().items[0].picture, before.picture);
}

TEST_F(MadeSets, PicturesComeForWhatIsThere) {
    std::ofstream(in() / "p99.png") << "no picture";
    look();
    const auto held = source_->status().view;
    std::vector<DatasetPictureRequest> requests;
    for (const DataItem& item : held->items)
        requests.push_back({item.id, item.picture, DataPictureKind::tile});
    requests.push_back({held->items[2].id, held->items[2].picture, DataPictureKind::whole});
    requests.push_back({1, 1, DataPictureKind::tile}); // nobody's
    source_->request_pictures(requests);
    std::vector<DataPicture> pictures;
    for (int i = 0; i < 1000 && pictures.size() < 14; ++i) {
        for (DataPicture& each : source_->take_pictures())
            pictures.push_back(std::move(each));
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ASSERT_EQ(pictures.size(), 14U);
    EXPECT_EQ(pictures[0].pixels.width, 64);
    EXPECT_EQ(pictures[12].pixels.width, 0) << "it can't be read";
    EXPECT_EQ(pictures[13].pixels.width, 96);
}

TEST_F(MadeSets, TroubleIsTold) {
    work_.inputs = {scratch_ / "missing"};
    source_->begin(work_);
    ASSERT_TRUE(wait([](const DataStatus& s) { return s.state == DataState::failed; }));
    EXPECT_FALSE(source_->status().message.empty());
    work_.inputs = {in()};
    look();
    fs::create_directories(scratch_ / "full");
    std::ofstream(scratch_ / "full" / "a") << "a";
    source_->write(scratch_ / "full");
    ASSERT_TRUE(wait([](const DataStatus& s) { return s.sets == 1; }));
    EXPECT_EQ(source_->status().set, "");
    EXPECT_FALSE(source_->status().message.empty());
    source_->begin({});
    EXPECT_TRUE(wait([](const DataStatus& s) { return s.state == DataState::empty && !s.view; }));
}

TEST_F(MadeSets, StoppedItKeepsWhatIsDoneAndNoCallWaits) {
    for (int i = 0; i < 300; ++i)
        fs::copy_file(in() / "p10.png", in() / ("q" + std::to_string(i) + ".png"));
    const auto start = std::chrono::steady_clock::now();
    source_->begin(work_);
    source_->choose(choices_);
    source_->status();
    source_->request_pictures({});
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    EXPECT_LT(took.count(), 0.05);
    ASSERT_TRUE(wait([](const DataStatus& s) {
        return s.done > 0 && (s.state == DataState::working || s.state == DataState::ready);
    }));
    source_->stop();
    ASSERT_TRUE(wait([](const DataStatus& s) { return s.state == DataState::stopped || s.state == DataState::ready; }));
    const std::size_t done = source_->status().done;
    if (source_->status().state == DataState::stopped) {
        EXPECT_LT(done, 312U);
    }
    look();
    EXPECT_GE(source_->status().reused, done);
}

} // namespace
} // namespace atelier::studio
