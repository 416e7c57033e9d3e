// SPDX-License-Identifier: Apache-2.0
// The studio's source over a real engine: which model plays while one trains, and snapshots read beside.

#include <gtest/gtest.h>

#include "base/error.h"
#include "engine/content_hash.h"
#include "engine/loaded_model.h"
#include "studio/adapters/engine_render_service.h"
#include "support/model_file.h"
#include "support/scratch.h"
#include "support/soon.h"

namespace {

using namespace atelier;
using studio::ViewedModel;
using test::soon;

// A model of its own name, with the weights of the test's file.
std::shared_ptr<const LoadedModel> named(const std::string& name) {
    const auto loaded = load_model(test::model_file(), "cpu");
    ModelInfo info = loaded->info();
    info.name = name;
    return std::make_shared<LoadedModel>(info, std::shared_ptr<const LoadedModel::Weights>(loaded, &loaded->weights()));
}

class EngineRenderServiceTest : public testing::Test {
protected:
    EngineRenderServiceTest() : source_({"cpu", 1}) {}
    std::string playing() const {
        const LoadStatus status = source_.load_status();
        return status.info ? status.info->name : "";
    }
    studio::EngineRenderService source_;
};

TEST_F(EngineRenderServiceTest, FollowsTheWeightsThatArePublished) {
    source_.publish(named("first"), true);
    EXPECT_EQ(source_.show_status().runs, 1U);
    EXPECT_EQ(playing(), "") << "only what is asked for plays";
    source_.show(ViewedModel::training, {});
    EXPECT_EQ(playing(), "first");
    source_.publish(named("second"), false);
    EXPECT_EQ(playing(), "second");
    source_.show(ViewedModel::start, {});
    EXPECT_EQ(playing(), "first");
    source_.publish(named("third"), false);
    EXPECT_EQ(playing(), "first");
    source_.show(ViewedModel::training, {});
    EXPECT_EQ(playing(), "third");
    source_.publish(named("another run"), true);
    EXPECT_EQ(source_.show_status().runs, 2U);
    source_.show(ViewedModel::start, {});
    EXPECT_EQ(playing(), "another run");
}

TEST_F(EngineRenderServiceTest, ReadsSnapshotsBeside) {
    source_.publish(named("training"), true);
    source_.show(ViewedModel::training, {});
    source_.show(ViewedModel::snapshot, test::model_file());
    EXPECT_TRUE(source_.show_status().loading);
    EXPECT_EQ(playing(), "training") << "what played before plays on";
    ASSERT_TRUE(soon([&] { return !source_.show_status().loading; }));
    EXPECT_EQ(playing(), test::model_file().filename().string());
    EXPECT_EQ(source_.show_status().message, "");
    source_.show(ViewedModel::training, {});
    source_.show(ViewedModel::snapshot, test::model_file());
    EXPECT_FALSE(source_.show_status().loading) << "kept from before";
    EXPECT_EQ(playing(), test::model_file().filename().string());
}

TEST_F(EngineRenderServiceTest, RendersPerformancesWithTheirModelOrTheOneThatPlays) {
    const auto loaded = load_model(test::model_file(), "cpu");
    ModelInfo info = loaded->info();
    info.path.clear(); // as of one in training
    source_.publish(
        std::make_shared<LoadedModel>(info, std::shared_ptr<const LoadedModel::Weights>(loaded, &loaded->weights())),
        true);
    source_.show(ViewedModel::training, {});
    const test::Scratch scratch;
    studio::PerformanceExport job;
    job.performance.seconds = 0.3;
    job.output.path = scratch / "a.mkv";
    job.output.codec = media::Codec::ffv1;
    job.output.fps = 10;
    const auto exported = [&] { return source_.export_performance(job, {}, {}); };
    try {
        exported();
        ADD_FAILURE() << "it names no model";
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("A model in training was played here, which is in no file."),
                  std::string::npos)
            << error.what();
    }
    EXPECT_FALSE(std::filesystem::exists(job.output.path));
    job.with_playing = true;
    const int frames = exported();
    EXPECT_TRUE(frames == 3 || frames == 4) << frames;
    EXPECT_TRUE(std::filesystem::exists(job.output.path));
    job.with_playing = false;
    job.performance.model = test::model_file().string();
    job.output.path = scratch / "b.mkv";
    EXPECT_EQ(exported(), frames);
    EXPECT_EQ(test::file_bytes(scratch / "a.mkv"), test::file_bytes(scratch / "b.mkv")) << "the same weights";

    std::stop_source stop;
    stop.request_stop();
    job.output.path = scratch / "c.mkv";
    EXPECT_LT(source_.export_performance(job, {}, stop.get_token()), frames) << "cancelled";
}

TEST_F(EngineRenderServiceTest, ASnapshotThatIsGoneSaysSo) {
    source_.publish(named("training"), true);
    source_.show(ViewedModel::training, {});
    source_.show(ViewedModel::snapshot, "/nowhere/snapshot-000001.safetensors");
    ASSERT_TRUE(soon([&] { return !source_.show_status().loading; }));
    EXPECT_NE(source_.show_status().message.find("/nowhere/snapshot-000001.safetensors"), std::string::npos);
    EXPECT_EQ(playing(), "training");
    source_.show(ViewedModel::training, {});
    EXPECT_EQ(source_.show_status().message, "");
}

TEST_F(EngineRenderServiceTest, ComparesWithTheStartModel) {
    source_.compare(true); // before there is one
    source_.publish(named("start"), true);
    source_.show(ViewedModel::training, {});
    source_.set_params({}, false);
    ASSERT_TRUE(soon([&] {
        const auto frame = source_.take_frame();
        return frame && frame->compare;
    }));
    source_.compare(false);
    ASSERT_TRUE(soon([&] {
        const auto frame = source_.take_frame();
        return frame && !frame->compare;
    }));
}

TEST_F(EngineRenderServiceTest, FindsDirectionsBeside) {
    DirectionRequest sefa, pca;
    pca.method = DirectionMethod::pca;
    pca.samples = 600;
    const auto state = [&](DirectionMethod method) { return source_.take_directions(method).state; };
    EXPECT_EQ(state(DirectionMethod::sefa), DirectionState::idle);
    source_.request_directions(sefa);
    const DirectionStatus none = source_.take_directions(DirectionMethod::sefa);
    EXPECT_EQ(none.state, DirectionState::failed);
    EXPECT_NE(none.message, "");

    const auto model = named("first");
    source_.publish(model, true);
    source_.show(ViewedModel::training, {});
    source_.request_directions(pca);
    source_.request_directions(sefa);
    std::optional<DirectionSet> found;
    ASSERT_TRUE(soon([&] {
        DirectionStatus status = source_.take_directions(DirectionMethod::sefa);
        found = std::move(status.result);
        return found.has_value();
    }));
    EXPECT_EQ(found->method, "sefa");
    EXPECT_EQ(found->model_hash, content_hash(*model));
    EXPECT_EQ(state(DirectionMethod::sefa), DirectionState::ready);
    EXPECT_FALSE(source_.take_directions(DirectionMethod::sefa).result) << "handed out once";
    ASSERT_TRUE(soon([&] {
        DirectionStatus status = source_.take_directions(DirectionMethod::pca);
        EXPECT_LE(status.done, 600);
        found = std::move(status.result);
        return found.has_value();
    }));
    EXPECT_EQ(found->method, "pca");
    EXPECT_EQ(found->samples, 600);
    EXPECT_EQ(found->vectors.size(), 20U);
}

TEST_F(EngineRenderServiceTest, DirectionsAreCancelledAndReplaced) {
    source_.publish(named("first"), true);
    source_.show(ViewedModel::training, {});
    DirectionRequest endless;
    endless.method = DirectionMethod::pca;
    endless.samples = 10'000'000;
    source_.request_directions(endless);
    ASSERT_TRUE(soon([&] { return source_.take_directions(DirectionMethod::pca).done > 0; }));
    source_.cancel_directions(DirectionMethod::pca);
    // Also when the thread has come to its end.
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    EXPECT_EQ(source_.take_directions(DirectionMethod::pca).state, DirectionState::idle);
    EXPECT_EQ(source_.take_directions(DirectionMethod::pca).done, 0);
    source_.request_directions(endless);
    DirectionRequest small = endless;
    small.samples = 300;
    source_.request_directions(small);
    DirectionStatus status;
    ASSERT_TRUE(soon([&] {
        status = source_.take_directions(DirectionMethod::pca);
        return status.state == DirectionState::ready;
    }));
    ASSERT_TRUE(status.result);
    EXPECT_EQ(status.result->samples, 300);
    small.samples = 1;
    source_.request_directions(small);
    ASSERT_TRUE(soon([&] { return source_.take_directions(DirectionMethod::pca).state == DirectionState::failed; }));
    source_.request_directions(endless); // and the source goes away at once
}

} // namespace
