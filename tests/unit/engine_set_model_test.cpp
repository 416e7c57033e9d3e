// SPDX-License-Identifier: Apache-2.0
// Models handed to the engine in memory: they play at once, loads go on, and two models can be compared.
#include <chrono>
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
using namespace std::chrono_literals;
using test::soon;

RenderParams seed(std::uint32_t value) {
    RenderParams params;
    params.walk.seeds = {value};
    params.psi = 0.7;
    params.precision = Precision::fp32;
    return params;
}

// The same network with its constant input scaled, as if it had been trained on.
std::shared_ptr<const LoadedModel> changed(const LoadedModel& from, double factor, std::uint64_t epoch) {
    const at::NoGradGuard no_grad;
    const LoadedModel::Weights& old = from.weights();
    model::Generator generator(
        old.generator.config, [&](const std::string& name, at::IntArrayRef, bool buffer, const model::Init&) {
            const at::Tensor& value = *old.generator.parameters.find(name);
            const bool input = name.find("const") != std::string::npos && name.find("noise") == std::string::npos;
            return model::Parameter{name, input ? value * factor : value.clone(), buffer};
        });
    return make_loaded_model(generator, "changed", epoch);
}

PixelBuffer picture_of(const std::shared_ptr<const LoadedModel>& model, const RenderParams& params) {
    Renderer renderer(model);
    PixelBuffer out;
    renderer.render(params, out);
    return out;
}

// Values that differ by more than one step: another number of threads may round sums differently.
std::size_t differing(const PixelBuffer& a, const PixelBuffer& b) {
    if (a.rgba.size() != b.rgba.size()) {
        return a.rgba.size() + b.rgba.size();
    }
    std::size_t count = 0;
    for (std::size_t i = 0; i < a.rgba.size(); ++i) {
        count += std::abs(a.rgba[i] - b.rgba[i]) > 1 ? 1U : 0U;
    }
    return count;
}

class EngineShowTest : public testing::Test {
protected:
    EngineShowTest() : start_(load_model(test::model_file(), "cpu")), engine_({"cpu", 1}) {}
    void open() {
        engine_.load(test::model_file());
        ASSERT_TRUE(soon([&] { return engine_.load_status().state == LoadState::ready; }));
    }
    // The newest frame of that epoch; older ones are passed over.
    Frame frame_of(std::uint64_t epoch) {
        Frame found;
        EXPECT_TRUE(soon([&] {
            auto frame = engine_.take_frame();
            if (!frame || frame->weights_epoch != epoch) {
                return false;
            }
            found = std::move(*frame);
            return true;
        }));
        return found;
    }
    std::shared_ptr<const LoadedModel> start_;
    Engine engine_;
};

TEST_F(EngineShowTest, AModelInMemoryPlaysTheSameParams) {
    open();
    const std::uint64_t ticket = engine_.load_status().playing;
    engine_.set_params(seed(3));
    const Frame before = frame_of(0);
    const auto trained = changed(*start_, 0.5, 7);
    engine_.show(trained);
    const Frame after = frame_of(7); // without being asked again
    ASSERT_TRUE(after.pixels) << after.error;
    EXPECT_EQ(after.params, before.params);
    EXPECT_EQ(differing(*after.pixels, picture_of(trained, seed(3))), 0U);
    EXPECT_GT(differing(*after.pixels, *before.pixels), 0U) << "the two models have to differ for this test";
    EXPECT_EQ(engine_.load_status().playing, ticket);
    EXPECT_EQ(engine_.load_status().info->name, "changed");
    EXPECT_EQ(engine_.model(), trained);
}

TEST_F(EngineShowTest, NullLeadsBackToTheLoadedModel) {
    open();
    engine_.set_params(seed(3));
    const Frame before = frame_of(0);
    engine_.show(changed(*start_, 0.5, 7));
    frame_of(7);
    engine_.show(nullptr);
    const Frame back = frame_of(0);
    ASSERT_TRUE(back.pixels);
    EXPECT_EQ(differing(*back.pixels, *before.pixels), 0U);
    EXPECT_NE(engine_.load_status().info->name, "changed");
    engine_.show(nullptr); // nothing to do, no picture
    std::this_thread::sleep_for(50ms);
    EXPECT_FALSE(engine_.take_frame().has_value());
}

TEST_F(EngineShowTest, PlaysWithoutAnyFile) {
    EXPECT_EQ(engine_.load_status().playing, 0U);
    engine_.show(nullptr);
    engine_.set_params(seed(1));
    engine_.show(changed(*start_, 1, 4));
    const Frame shown = frame_of(4);
    ASSERT_TRUE(shown.pixels) << shown.error;
    const LoadStatus status = engine_.load_status();
    EXPECT_NE(status.playing, 0U);
    EXPECT_EQ(status.state, LoadState::ready);
    EXPECT_EQ(status.device, "CPU");
    EXPECT_EQ(shown.params.model, status.playing);
}

TEST_F(EngineShowTest, ALoadInProgressGoesOnAndWins) {
    const auto trained = changed(*start_, 0.5, 7);
    const std::uint64_t ticket = engine_.load(test::model_file());
    engine_.show(trained);
    EXPECT_EQ(engine_.load_status().state, LoadState::loading);
    ASSERT_TRUE(soon([&] { return engine_.load_status().state == LoadState::ready; }));
    EXPECT_EQ(engine_.load_status().playing, ticket);
    engine_.set_params(seed(3));
    const Frame shown = frame_of(0);
    EXPECT_EQ(differing(*shown.pixels, picture_of(start_, seed(3))), 0U);
}

TEST_F(EngineShowTest, ManyPublicationsEndWithTheLast) {
    open();
    engine_.set_params(seed(2), true);
    std::shared_ptr<const LoadedModel> last;
    for (std::uint64_t epoch = 1; epoch <= 20; ++epoch) {
        last = changed(*start_, 1 - 0.02 * static_cast<double>(epoch), epoch);
        engine_.show(last);
    }
    const Frame shown = frame_of(20);
    EXPECT_FALSE(shown.preview);
    EXPECT_EQ(differing(*shown.pixels, picture_of(last, seed(2))), 0U);
}

TEST_F(EngineShowTest, CompareRendersTheSameParamsTwice) {
    open();
    const auto trained = changed(*start_, 0.5, 7);
    engine_.show(trained);
    engine_.set_params(seed(3));
    EXPECT_FALSE(frame_of(7).compare) << "off at first";
    engine_.set_compare(start_);
    Frame both = frame_of(7);
    ASSERT_TRUE(both.pixels && both.compare) << both.error;
    EXPECT_EQ(differing(*both.pixels, picture_of(trained, seed(3))), 0U);
    EXPECT_EQ(differing(*both.compare, picture_of(start_, seed(3))), 0U);
    engine_.set_params(seed(4));
    both = frame_of(7);
    ASSERT_TRUE(both.compare);
    EXPECT_EQ(differing(*both.compare, picture_of(start_, seed(4))), 0U);
    engine_.set_compare(nullptr);
    EXPECT_FALSE(frame_of(7).compare);
}

TEST_F(EngineShowTest, RendererKeepsWhatWasMeasured) {
    Renderer old(start_);
    RenderParams params = seed(1);
    params.precision = Precision::model;
    const Precision chosen = old.viewer_precision();
    while (old.measure_next_block(params)) {
    }
    Renderer next(changed(*start_, 0.5, 1));
    next.learn_from(old);
    EXPECT_EQ(next.precision_so_far(params), chosen);
    EXPECT_FALSE(next.measure_next_block(params)) << "measured again";
    EXPECT_EQ(next.block_ms(params), old.block_ms(params));
    EXPECT_EQ(next.viewer_precision(), chosen);
}

} // namespace
