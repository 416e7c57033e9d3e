// SPDX-License-Identifier: Apache-2.0
// The way of a picture on a device, run on the CPU: the same pictures, when calls are recorded and repeated, and what
// happens when recording or memory fails. The stand-in for a graph repeats a picture by drawing it again.
#include <functional>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "engine/device_synthesis.h"
#include "engine/fast_synthesis.h"

namespace {

using namespace atelier;
using testing::ElementsAre;
using Key = PictureGraphs::Key;

// Keeps what was asked; `again` is what repeating a recording does.
struct FakeCalls final : GraphCalls {
    void begin() override {
        asked.emplace_back("begin");
        if (failing == "begin")
            throw std::runtime_error("no recording here");
    }
    std::shared_ptr<void> end() override {
        asked.emplace_back("end");
        if (failing == "end")
            throw std::runtime_error("it could not be made");
        ++alive;
        return {new int(0), [this](int* p) {
                    --alive;
                    delete p;
                }};
    }
    void abandon() noexcept override { asked.emplace_back("abandon"); }
    void repeat(void*) override {
        asked.emplace_back("repeat");
        if (again)
            again();
    }
    std::vector<std::string> asked;
    std::string failing;
    std::function<void()> again;
    int alive = 0;
};

class Graphs : public testing::Test {
protected:
    at::Tensor ask(const Key& key) {
        return graphs.picture(key, [&] {
            calls->asked.emplace_back("draw");
            if (draw_fails && calls->asked.size() > 1 && calls->asked[calls->asked.size() - 2] == "begin")
                throw std::runtime_error("an operation that can't be recorded");
            return at::zeros({1});
        });
    }
    std::shared_ptr<FakeCalls> calls = std::make_shared<FakeCalls>();
    PictureGraphs graphs{calls};
    bool draw_fails = false;
};

TEST_F(Graphs, RecordTheSecondTimeAndRepeatFromThenOn) {
    ask({});
    const at::Tensor second = ask({}), third = ask({});
    EXPECT_THAT(calls->asked, ElementsAre("draw", "begin", "draw", "end", "repeat", "repeat"));
    EXPECT_TRUE(second.is_same(third));
}

TEST_F(Graphs, ADraggedSliderRecordsNothing) {
    for (int i = 0; i < 20; ++i) {
        ask({.strength = static_cast<float>(i) * 0.1F});
    }
    EXPECT_THAT(calls->asked, testing::Each("draw"));
    EXPECT_EQ(calls->alive, 0);
}

TEST_F(Graphs, AFewAreKeptAndTheOldestGoes) {
    for (int i = 0; i < 6; ++i) {
        ask({.strength = static_cast<float>(i)});
        ask({.strength = static_cast<float>(i)});
    }
    EXPECT_EQ(calls->alive, 4);
    calls->asked.clear();
    ask({.strength = 5});
    ask({.strength = 2});
    ask({.strength = 1});
    EXPECT_THAT(calls->asked, ElementsAre("repeat", "repeat", "draw"));
    graphs.clear();
    EXPECT_EQ(calls->alive, 0);
}

TEST_F(Graphs, FailingToRecordDrawsAndIsNotTriedAgain) {
    for (const char* where : {"begin", "draw", "end"}) {
        SCOPED_TRACE(where);
        PictureGraphs fresh{calls};
        std::swap(graphs, fresh);
        calls->asked.clear();
        calls->failing = where;
        draw_fails = std::string(where) == "draw";
        ask({});
        EXPECT_TRUE(ask({}).defined());
        EXPECT_NE(graphs.trouble(), "");
        EXPECT_EQ(std::count(calls->asked.begin(), calls->asked.end(), "abandon"), draw_fails ? 1 : 0);
        calls->asked.clear();
        ask({});
        ask({});
        EXPECT_THAT(calls->asked, ElementsAre("draw", "draw"));
        EXPECT_EQ(calls->alive, 0);
    }
}

model::Generator network() {
    at::manual_seed(3);
    model::GeneratorConfig config;
    config.mapping.z_dim = config.mapping.w_dim = config.synthesis.w_dim = 24;
    config.mapping.num_layers = 2;
    config.synthesis.img_resolution = 16;
    config.synthesis.channels = {256, 16, {}};
    return {config, [](const std::string& name, at::IntArrayRef shape, bool buffer, const model::Init& init) {
                model::Parameter p = model::random_source()(name, shape, buffer, init);
                if (name.ends_with("noise_strength"))
                    p.value = p.value + 0.5;
                return p;
            }};
}

class DeviceSynthesisTest : public testing::Test {
protected:
    // As the viewer's fast way on the CPU draws it.
    at::Tensor wanted(const at::Tensor& ws, const Key& key, std::uint32_t seed) {
        return fast.forward(ws, {key.noise, key.strength, seed, key.by_layer}).clone();
    }
    static double error(const at::Tensor& a, const at::Tensor& b) {
        return ((a - b).abs().max() / b.abs().max()).item<double>();
    }
    const c10::InferenceMode inference;
    const model::Generator generator = network();
    FastSynthesis fast{generator, at::kFloat};
    std::shared_ptr<FakeCalls> calls = std::make_shared<FakeCalls>();
    DeviceSynthesis way{generator, at::kCPU, calls};
};

TEST_F(DeviceSynthesisTest, DrawsThePicturesOfTheCpu) {
    const Key kinds[] = {
        {}, {false, NoiseMode::none}, {false, NoiseMode::random, 0.6F}, {false, NoiseMode::random, 1, {0, 2, 1}}};
    for (const Key& key : kinds) {
        const at::Tensor ws = at::randn({1, generator.config.mapping.num_ws, 24});
        DeviceSynthesis plain(generator, at::kCPU);
        EXPECT_LE(error(plain.forward(ws, key, 5), wanted(ws, key, 5)), 2e-5) << static_cast<int>(key.noise);
        EXPECT_LE(error(plain.forward(ws, key, 6), wanted(ws, key, 6)), 2e-5) << static_cast<int>(key.noise);
    }
}

// A recording reads ws and the seed where they lay when it was made.
TEST_F(DeviceSynthesisTest, ARecordingSeesNewLatentsAndSeeds) {
    const Key key{false, NoiseMode::random};
    const at::Tensor ws = at::randn({1, generator.config.mapping.num_ws, 24});
    way.forward(ws, key, 1);
    const void* place = way.input().const_data_ptr();
    const at::Tensor picture = way.forward(ws, key, 1);
    // What a graph does: the same calls on the same memory.
    DeviceSynthesis& mine = way;
    calls->again = [&] { const_cast<at::Tensor&>(picture).copy_(mine.draw(key)); };
    const at::Tensor other = at::randn_like(ws);
    EXPECT_TRUE(way.forward(other, key, 2).is_same(picture));
    EXPECT_LE(error(picture, wanted(other, key, 2)), 2e-5);
    EXPECT_EQ(way.input().const_data_ptr(), place);
    EXPECT_EQ(std::count(calls->asked.begin(), calls->asked.end(), "begin"), 1);
}

TEST_F(DeviceSynthesisTest, MemoryIsGivenBackOnceAndThenItIsSaid) {
    const at::Tensor ws = at::randn({1, generator.config.mapping.num_ws, 24});
    way.forward(ws, {}, 0);
    way.forward(ws, {}, 0);
    EXPECT_EQ(calls->alive, 1);
    int fails = 1;
    calls->again = [&] {
        if (fails-- > 0)
            TORCH_CHECK_WITH(OutOfMemoryError, false, "CUDA out of memory");
    };
    EXPECT_TRUE(way.forward(ws, {}, 0).defined());
    EXPECT_EQ(calls->alive, 0); // the recordings' memory was the first to go
}

TEST_F(DeviceSynthesisTest, LatentsOfAnotherShapeAreRefused) {
    EXPECT_THROW(way.forward(at::zeros({1, 2, 24}), {}, 0), Error);
}

} // namespace
