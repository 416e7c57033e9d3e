// SPDX-License-Identifier: Apache-2.0
// What a model costs those who hand it over and those who play it: weights are laid out once, by the thread that asks;
// nobody keeps an old model; loads don't pile up.
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "engine/engine.h"
#include "engine/loaded_model.h"
#include "engine/renderer.h"
#include "engine/weights.h"
#include "support/model_file.h"
#include "support/soon.h"

namespace {

using namespace atelier;
using test::soon;

RenderParams params_in(Precision precision) {
    RenderParams params;
    params.walk.seeds = {3};
    params.precision = precision;
    return params;
}

bool made(const LoadedModel& model, at::ScalarType dtype) {
    return model.weights().prepared->made(dtype);
}

class HandOver : public testing::Test {
protected:
    // Another model of the same shape, with weights of its own to be laid out.
    std::shared_ptr<const LoadedModel> model(std::uint64_t epoch) {
        return make_loaded_model(file_->weights().generator, "handed over", epoch);
    }
    bool shown(Engine& engine, std::uint64_t epoch) {
        return soon([&] {
            const auto frame = engine.take_frame();
            return frame && frame->pixels && frame->weights_epoch == epoch;
        });
    }
    std::shared_ptr<const LoadedModel> file_ = load_model(test::model_file(), "cpu");
};

TEST_F(HandOver, RenderersShareTheWeightsThatWereLaidOut) {
    const auto first = model(1);
    EXPECT_FALSE(made(*first, at::kFloat));
    first->prepare(Precision::fp16); // of no use on the CPU
    EXPECT_FALSE(made(*first, at::kFloat));
    first->prepare(Precision::fp32);
    ASSERT_TRUE(made(*first, at::kFloat));
    EXPECT_FALSE(made(*first, at::kBFloat16));
    const auto& weights = first->weights();
    const auto laid_out = weights.prepared->get(weights.generator, at::kFloat);
    PixelBuffer a, b;
    {
        Renderer one(first), other(first->at_ratio({16, 9}));
        one.render(params_in(Precision::fp32), a);
        other.render(params_in(Precision::fp32), b);
        EXPECT_EQ(weights.prepared->get(weights.generator, at::kFloat), laid_out) << "nobody laid them out again";
        EXPECT_EQ(first->at_ratio({16, 9})->weights().prepared, weights.prepared);
        EXPECT_GE(laid_out.use_count(), 4) << "both renderers use them";
    }
    EXPECT_EQ(a.rgba, b.rgba);
    PixelBuffer fresh; // by whoever is first to need them
    const auto second = model(2);
    Renderer(second).render(params_in(Precision::fp32), fresh);
    EXPECT_TRUE(made(*second, at::kFloat));
    EXPECT_EQ(a.rgba, fresh.rgba);
}

TEST_F(HandOver, ManyThreadsLayThemOutOnce) {
    const auto shared = model(1);
    std::vector<std::shared_ptr<const PreparedSynthesis>> got(4);
    {
        std::vector<std::jthread> threads;
        for (auto& each : got)
            threads.emplace_back(
                [&] { each = shared->weights().prepared->get(shared->weights().generator, at::kFloat); });
    }
    for (const auto& each : got)
        EXPECT_EQ(each, got.front());
}

TEST_F(HandOver, TheEnginePreparesForThePrecisionThatIsShown) {
    Engine engine({"cpu", 1});
    const auto first = model(1), second = model(2);
    engine.prepare(*first);
    EXPECT_TRUE(made(*first, at::kFloat)) << "a model's first picture is in fp32";
    engine.set_params(params_in(Precision::bf16));
    engine.show(first);
    ASSERT_TRUE(shown(engine, 1));
    engine.prepare(*second);
    EXPECT_TRUE(made(*second, at::kBFloat16));
    EXPECT_FALSE(made(*second, at::kFloat));
}

TEST_F(HandOver, ALoadedModelIsPreparedBeforeItPlays) {
    Engine engine({"cpu", 1});
    engine.load(test::model_file());
    ASSERT_TRUE(soon([&] { return engine.load_status().state == LoadState::ready; }));
    EXPECT_TRUE(made(*engine.model(), at::kFloat)) << "no picture was asked for yet";
}

TEST_F(HandOver, NobodyKeepsAModelThatPlaysNoMore) {
    Engine engine({"cpu", 1});
    engine.set_params(params_in(Precision::fp32));
    auto first = model(1);
    const std::weak_ptr<const LoadedModel> watched = first;
    engine.show(std::move(first));
    ASSERT_TRUE(shown(engine, 1));
    const LoadStatus status = engine.load_status(); // as the window keeps it from tick to tick
    engine.show(model(2));
    ASSERT_TRUE(shown(engine, 2));
    EXPECT_TRUE(soon([&] { return watched.expired(); }));
    ASSERT_TRUE(status.info);
    EXPECT_EQ(status.info->name, "handed over");
}

TEST_F(HandOver, EachFrameIsTold) {
    Engine engine({"cpu", 1});
    std::atomic<int> told = 0;
    engine.on_frame([&] { ++told; });
    engine.set_params(params_in(Precision::fp32));
    engine.show(model(1));
    ASSERT_TRUE(soon([&] { return told == 1; }));
    EXPECT_TRUE(engine.take_frame().has_value()) << "it is there already";
    RenderParams wrong = params_in(Precision::fp32);
    wrong.class_index = 7;
    engine.set_params(wrong);
    EXPECT_TRUE(soon([&] { return told == 2; })) << "an error is a frame, too";
    engine.on_frame({});
    engine.set_params(params_in(Precision::fp32));
    ASSERT_TRUE(soon([&] { return engine.take_frame().has_value(); }));
    EXPECT_EQ(told, 2);
}

long threads_of_this_process() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

TEST_F(HandOver, LoadsDontPileUp) {
    Engine engine({"cpu", 1});
    engine.load("/nowhere");
    ASSERT_TRUE(soon([&] { return engine.load_status().state == LoadState::failed; }));
    const long before = threads_of_this_process();
    long most = 0;
    std::uint64_t last = 0;
    for (int i = 0; i < 60; ++i) {
        last = engine.load(test::model_file());
        most = std::max(most, threads_of_this_process());
    }
    EXPECT_LE(most, before + 1);
    ASSERT_TRUE(soon([&] { return engine.load_status().state == LoadState::ready; }));
    EXPECT_EQ(engine.load_status().playing, last);
}

} // namespace
