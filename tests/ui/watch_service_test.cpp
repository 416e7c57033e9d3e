// SPDX-License-Identifier: Apache-2.0
// The watching service over a real engine: a folder that fills as a run on another machine would fill it.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "studio/adapters/watch_training_service.h"
#include "support/model_file.h"
#include "support/scratch.h"
#include "support/soon.h"
#include "train/run_requests.h"
#include "train/run_status.h"

namespace {

using namespace atelier;
using studio::ViewedModel;
using studio::WatchTrainingService;
using test::soon;
namespace fs = std::filesystem;

class WatchService : public testing::Test {
protected:
    WatchService() : viewer_(options_) {
        std::ofstream(run_ / "options.json") << "{}";
        tell(TrainState::running, 1);
    }
    void tell(TrainState state, double kimg, const std::string& answer = "") {
        TrainStatus status;
        status.state = state;
        status.kimg = kimg;
        status.total_kimg = 10;
        status.answered = answer.empty() ? 0 : 1;
        status.message = answer;
        train::write_sign(run_.path(), {status, 60});
    }
    void put(const std::string& name) const {
        fs::copy_file(test::model_file(), run_ / (name + ".part"));
        fs::rename(run_ / (name + ".part"), run_ / name);
    }
    // What plays while the model in training is looked at.
    std::string playing() const {
        const LoadStatus status = viewer_.load_status();
        return status.info ? fs::path(status.info->path).filename().string() : "";
    }
    bool plays(const std::string& file) const {
        return soon([&] { return playing() == file; });
    }

    EngineOptions options_{"cpu", 1};
    test::Scratch run_;
    studio::EngineRenderService viewer_;
};

TEST_F(WatchService, ShowsEachNewSnapshot) {
    put("snapshot-000001.safetensors");
    put("snapshot-000002.safetensors");
    WatchTrainingService service(viewer_, run_.path(), options_);
    EXPECT_TRUE(service.status().watched);
    viewer_.show(ViewedModel::training, {});
    ASSERT_TRUE(plays("snapshot-000002.safetensors"));
    EXPECT_EQ(viewer_.show_status().runs, 1U);
    viewer_.show(ViewedModel::start, {});
    EXPECT_EQ(playing(), "snapshot-000001.safetensors") << "what the others are compared with";
    viewer_.show(ViewedModel::training, {});
    put("snapshot-000003.safetensors");
    ASSERT_TRUE(plays("snapshot-000003.safetensors"));
    EXPECT_EQ(viewer_.show_status().runs, 1U);
    EXPECT_TRUE(soon([&] { return service.status().weights == 3U; }));
    EXPECT_EQ(service.status().snapshots.size(), 3U);
}

TEST_F(WatchService, BeginsWithTheCheckpointWhereThereIsNoSnapshot) {
    put("checkpoint.safetensors");
    WatchTrainingService service(viewer_, run_.path(), options_);
    viewer_.show(ViewedModel::training, {});
    ASSERT_TRUE(plays("checkpoint.safetensors"));
    put("snapshot-000001.safetensors");
    ASSERT_TRUE(plays("snapshot-000001.safetensors"));
}

TEST_F(WatchService, ReadsNothingThatNobodyLooksAt) {
    put("snapshot-000001.safetensors");
    WatchTrainingService service(viewer_, run_.path(), options_);
    ASSERT_TRUE(soon([&] { return service.status().weights == 1; })) << "the first comes in any case";
    service.look_at(false, false);
    put("snapshot-000002.safetensors");
    ASSERT_TRUE(soon([&] { return service.status().snapshots.size() == 2; }));
    EXPECT_EQ(service.status().weights, 1U);
    service.look_at(true, false);
    ASSERT_TRUE(soon([&] { return service.status().weights == 2; }));
}

TEST_F(WatchService, ASnapshotThatCantBeReadIsPassedOver) {
    put("snapshot-000001.safetensors");
    std::ofstream(run_ / "snapshot-000002.safetensors") << "nothing of the kind";
    WatchTrainingService service(viewer_, run_.path(), options_);
    viewer_.show(ViewedModel::training, {});
    ASSERT_TRUE(plays("snapshot-000001.safetensors"));
    put("snapshot-000003.safetensors");
    ASSERT_TRUE(plays("snapshot-000003.safetensors"));
}

TEST_F(WatchService, AsksThroughFilesAndHearsTheAnswer) {
    put("snapshot-000001.safetensors");
    WatchTrainingService service(viewer_, run_.path(), options_);
    service.command(TrainCommand::pause); // can't be asked for
    service.command(TrainCommand::save);
    EXPECT_TRUE(train::is_asked(run_.path(), train::RunRequest::snapshot));
    EXPECT_FALSE(train::is_asked(run_.path(), train::RunRequest::stop));
    ASSERT_TRUE(soon([&] { return service.status().stage == "asked for a snapshot"; }));
    std::vector<std::string> troubles;
    EXPECT_EQ(train::take_requests(run_.path(), troubles).size(), 1U);
    tell(TrainState::running, 2, "snapshot-000002.safetensors is written.");
    ASSERT_TRUE(soon([&] { return service.status().answered == 1; }));
    service.command(TrainCommand::stop);
    EXPECT_TRUE(train::is_asked(run_.path(), train::RunRequest::stop));
    tell(TrainState::finished, 2);
    ASSERT_TRUE(soon([&] { return service.status().ended(); }));
    EXPECT_FALSE(service.status().can_start()) << "it is not ours";
    train::take_requests(run_.path(), troubles);
    service.command(TrainCommand::stop);
    EXPECT_FALSE(train::is_asked(run_.path(), train::RunRequest::stop)) << "there is nobody to ask";
}

TEST_F(WatchService, SaysWhyNothingCanBeAsked) {
    put("snapshot-000001.safetensors");
    WatchTrainingService service(viewer_, run_.path(), options_);
    fs::remove_all(run_.path()); // the disk is gone; who may write everywhere would get through rights
    service.command(TrainCommand::stop);
    ASSERT_TRUE(soon([&] { return !service.status().warnings.empty(); }));
    EXPECT_THAT(service.status().warnings.back(), testing::HasSubstr("request-stop: can't be made"));
    EXPECT_EQ(service.status().state, TrainState::running) << "nothing else is known";
}

TEST_F(WatchService, IsRefusedWhereNoRunHasBegun) {
    const test::Scratch empty;
    EXPECT_THROW(WatchTrainingService(viewer_, empty.path(), options_), Error);
}

} // namespace
