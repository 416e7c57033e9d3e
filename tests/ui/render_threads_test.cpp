// SPDX-License-Identifier: Apache-2.0
// The studio's real render service gives every thread that computes its cores, and lays published weights out on the
// thread that publishes them.
#include <thread>

#include <gtest/gtest.h>

#include "engine/loaded_model.h"
#include "engine/weights.h"
#include "ops/threads.h"
#include "studio/adapters/engine_render_service.h"
#include "support/model_file.h"
#include "support/scratch.h"
#include "support/soon.h"

namespace {

using namespace atelier;
using studio::ViewedModel;
using test::soon;

#if defined(__SANITIZE_THREAD__)
constexpr int cores = 1; // the thread sanitizer can't see what OpenMP's threads do
#else
constexpr int cores = 3; // another number than the machine's and than what direction workers take
#endif

class RenderThreads : public testing::Test {
protected:
    RenderThreads() : service_({"cpu", cores}) {}
    void publish(std::uint64_t epoch) {
        model_ = make_loaded_model(file_->weights().generator, "training", epoch);
        service_.publish(model_, epoch == 1);
    }
    // A direction worker has said by then that it takes one core.
    void find_directions() {
        service_.request_directions({});
        ASSERT_TRUE(
            soon([&] { return service_.take_directions(DirectionMethod::sefa).state == DirectionState::ready; }));
    }
    bool picture(std::uint32_t seed) {
        RenderParams params;
        params.walk.seeds = {seed};
        params.precision = Precision::fp32;
        service_.set_params(params, false);
        return soon([&] {
            const auto frame = service_.take_frame();
            return frame && frame->pixels && frame->params.walk.seeds == params.walk.seeds;
        });
    }
    std::shared_ptr<const LoadedModel> file_ = load_model(test::model_file(), "cpu");
    std::shared_ptr<const LoadedModel> model_;
    studio::EngineRenderService service_;
};

TEST_F(RenderThreads, ThePictureHasAllCoresWhileDirectionsAreFound) {
    EXPECT_EQ(service_.load_status().threads, 0);
    publish(1);
    service_.show(ViewedModel::training, {});
    find_directions(); // before the render thread's first loop
    ASSERT_TRUE(picture(1));
    EXPECT_EQ(service_.load_status().threads, cores);
    DirectionRequest pca;
    pca.method = DirectionMethod::pca;
    pca.samples = 1000;
    service_.request_directions(pca);
    ASSERT_TRUE(picture(2));
    EXPECT_EQ(service_.load_status().threads, cores);
    service_.cancel_directions(DirectionMethod::pca);
}

TEST_F(RenderThreads, ExportsHaveAllCoresOnWhateverThreadTheyRun) {
    publish(1);
    service_.show(ViewedModel::training, {});
    find_directions();
    const test::Scratch scratch;
    std::thread thread([&] {
        set_operation_threads(2);
        WalkExport walk;
        walk.params.walk.seeds = {1};
        walk.params.precision = Precision::fp32;
        walk.seconds_per_step = 0.2;
        walk.output.fps = 10;
        walk.output.codec = media::Codec::ffv1;
        walk.output.path = scratch / "walk.mkv";
        int seen = 0;
        service_.export_walk(walk, [&](const ExportProgress&) { seen = operation_threads(); }, {});
        EXPECT_EQ(seen, cores);
        EXPECT_EQ(operation_threads(), 2) << "the thread is its owner's again";
        MixExport sheet;
        sheet.rows = sheet.cols = {{{.seed_a = 1, .seed_b = 1}}};
        sheet.layers = {0};
        sheet.path = scratch / "sheet.png";
        seen = 0;
        service_.export_mix(sheet, [&](const ExportProgress&) { seen = operation_threads(); }, {});
        EXPECT_EQ(seen, cores);
        studio::PerformanceExport performance;
        performance.performance.seconds = 0.2;
        performance.with_playing = true;
        performance.output = walk.output;
        performance.output.path = scratch / "performance.mkv";
        seen = 0;
        service_.export_performance(performance, [&](const ExportProgress&) { seen = operation_threads(); }, {});
        EXPECT_EQ(seen, cores);
    });
    thread.join();
}

TEST_F(RenderThreads, PublishedWeightsAreLaidOutWhenPublishReturns) {
    publish(1);
    EXPECT_TRUE(model_->weights().prepared->made(at::kFloat)) << "the render thread has had nothing to do yet";
    service_.show(ViewedModel::training, {});
    ASSERT_TRUE(picture(1));
    publish(2);
    EXPECT_TRUE(model_->weights().prepared->made(at::kFloat));
}

} // namespace
