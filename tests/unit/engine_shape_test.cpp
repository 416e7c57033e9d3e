// SPDX-License-Identifier: Apache-2.0
// Models of pictures that aren't square RGB in the engine: pictures, previews, tiles, sheets.
#include <array>

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/loaded_model.h"
#include "engine/render_pool.h"
#include "engine/renderer.h"
#include "engine/thumbnails.h"
#include "model/synthesis.h"

namespace atelier {
namespace {

// height x width px, of random weights.
std::shared_ptr<const LoadedModel> model_of(int height, int width, int channels, PictureRatio ratio = {}) {
    const at::NoGradGuard no_grad;
    at::manual_seed(4);
    model::GeneratorConfig config;
    config.mapping.z_dim = config.mapping.w_dim = config.synthesis.w_dim = 16;
    config.mapping.num_layers = 2;
    config.synthesis.img_resolution = 64;
    config.synthesis.first_block = {height / 16, width / 16};
    config.synthesis.img_channels = channels;
    config.synthesis.channels = {256, 16, {}};
    return make_loaded_model(model::Generator(config, model::random_source()), "shaped", 1, ratio);
}

RenderParams seed(std::uint32_t value) {
    RenderParams params;
    params.walk.seeds = {value};
    params.precision = Precision::fp32;
    return params;
}

TEST(EngineShape, FactsAndPictures) {
    for (const auto& [height, width, channels] : {std::array{128, 64, 4}, {64, 96, 3}, {80, 64, 2}, {64, 128, 1}}) {
        const auto model = model_of(height, width, channels);
        EXPECT_EQ(std::pair(model->info().width, model->info().height), std::pair(width, height));
        EXPECT_EQ(shown_text(model->info()), fmt::format("{}x{}", width, height));
        Renderer renderer(model);
        PixelBuffer full, preview;
        renderer.render(seed(1), full);
        EXPECT_EQ(std::pair(full.width, full.height), std::pair(width, height));
        EXPECT_EQ(full.alpha, channels % 2 == 0);
        bool see_through = false;
        for (std::size_t i = 3; i < full.rgba.size(); i += 4)
            see_through = see_through || full.rgba[i] != 255;
        EXPECT_EQ(see_through, full.alpha);
        renderer.render(seed(1), preview, nullptr, 16);
        EXPECT_EQ(std::pair(preview.width, preview.height), std::pair(width / 4, height / 4));
    }
}

// A set may have been squashed to such a shape, too.
TEST(EngineShape, PixelsOfARatioOnTop) {
    const auto model = model_of(128, 64, 3, {3, 2});
    EXPECT_EQ(shown_size(model->info()), std::pair(96, 128));
    PixelBuffer out;
    Renderer(model).render(seed(1), out);
    EXPECT_EQ(std::pair(out.width, out.height), std::pair(64, 128));
    EXPECT_EQ(out.ratio, (PictureRatio{3, 2}));
}

TEST(EngineShape, TilesShowTheMiddleAtTheirSize) {
    for (const auto& [height, width] : {std::pair{128, 64}, {64, 128}, {64, 96}}) {
        Renderer renderer(model_of(height, width, 4));
        ThumbnailQueue queue;
        queue.request({{7, seed(3)}}, 32);
        std::vector<Thumbnail> made;
        for (int step = 0; step < 20 && made.empty(); ++step) {
            queue.step(renderer, 1, step > 0);
            made = queue.take();
        }
        ASSERT_EQ(made.size(), 1U);
        EXPECT_EQ(std::pair(made[0].pixels->width, made[0].pixels->height), std::pair(32, 32));
        EXPECT_TRUE(made[0].pixels->alpha);
    }
}

TEST(EngineShape, SeveralAtOnce) {
    const auto model = model_of(128, 64, 4);
    RenderPool pool;
    int written = 0;
    pool.run(
        4,
        [&](int i) {
            return RenderOrder{model, seed(static_cast<std::uint32_t>(i))};
        },
        [&](int, PixelBuffer& picture) {
            EXPECT_EQ(std::pair(picture.width, picture.height), std::pair(64, 128));
            EXPECT_TRUE(picture.alpha);
            ++written;
        },
        {});
    EXPECT_EQ(written, 4);
}

} // namespace
} // namespace atelier
