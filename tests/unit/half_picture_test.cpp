// SPDX-License-Identifier: Apache-2.0
// Pictures in bfloat16 beside those in float32: nobody sees a difference at 40 dB.
#include <cmath>

#include <gtest/gtest.h>

#include "bench/bench_model.h"
#include "engine/renderer.h"
#include "ops/cpu_features.h"
#include "support/model_file.h"

namespace atelier {
namespace {

// Of 255, over all pixels of `pictures` seeds.
double psnr(const std::shared_ptr<const LoadedModel>& model, int pictures, double psi) {
    Renderer whole(model), half(model);
    RenderParams params;
    params.psi = psi;
    double squares = 0, count = 0;
    for (int seed = 0; seed < pictures; ++seed) {
        params.walk.seeds = {static_cast<std::uint32_t>(seed)};
        PixelBuffer a, b;
        params.precision = Precision::fp32;
        whole.render(params, a);
        params.precision = Precision::bf16;
        half.render(params, b);
        for (std::size_t i = 0; i < a.rgba.size(); ++i) {
            if (i % 4 == 3)
                continue;
            const double difference = static_cast<double>(a.rgba[i]) - b.rgba[i];
            squares += difference * difference;
            ++count;
        }
    }
    EXPECT_GT(squares, 0) << "was it bfloat16 at all?";
    return 10 * std::log10(255 * 255 / (squares / count));
}

class HalfPicture : public testing::Test {
protected:
    void SetUp() override {
        if (!ops::cpu_has_fast_bf16())
            GTEST_SKIP() << "this processor has no bfloat16 instructions, so no picture is made in it";
    }
};

TEST_F(HalfPicture, OfTheBundledModel) {
    const double db = psnr(load_model(test::model_file(), "cpu"), 32, 0.7);
    RecordProperty("psnr", std::to_string(db));
    EXPECT_GE(db, 40);
}

TEST_F(HalfPicture, OfRandomNetworks) {
    for (const int resolution : {256, 512}) {
        const double db = psnr(bench::in_memory(bench::bench_generator(bench::bench_config(resolution))), 2, 1);
        RecordProperty("psnr_" + std::to_string(resolution), std::to_string(db));
        EXPECT_GE(db, 40) << resolution << " px";
    }
}

} // namespace
} // namespace atelier
