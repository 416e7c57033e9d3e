// SPDX-License-Identifier: Apache-2.0
// The render thread seen from outside: nothing waits, equal params are rendered once, failures are sentences.
#include <algorithm>
#include <cmath>
#include <thread>

#include <gtest/gtest.h>

#include "base/bounded_queue.h"
#include "base/mailbox.h"
#include "base/small_picture.h"
#include "engine/engine.h"
#include "engine/frame_pool.h"
#include "engine/renderer.h"
#include "engine/thumbnails.h"
#include "support/model_file.h"
#include "support/soon.h"

namespace {

using namespace atelier;
using test::soon;

RenderParams seed(std::uint32_t value) {
    RenderParams params;
    params.walk.seeds = {value};
    params.psi = 0.7;
    params.precision = Precision::fp32;
    return params;
}

// Another number of threads may round sums differently.
void expect_same(const PixelBuffer& a, const PixelBuffer& b) {
    ASSERT_EQ(a.rgba.size(), b.rgba.size());
    std::size_t off = 0;
    for (std::size_t i = 0; i < a.rgba.size(); ++i) {
        off += std::abs(a.rgba[i] - b.rgba[i]) > 1 ? 1U : 0U;
    }
    EXPECT_EQ(off, 0U);
}

class EngineTest : public testing::Test {
protected:
    EngineTest() : engine_({"cpu", 1}) {}
    void open() {
        engine_.load(test::model_file());
        ASSERT_TRUE(soon([&] { return engine_.load_status().state == LoadState::ready; }));
    }
    Frame frame() {
        auto taken = soon([&] { return engine_.take_frame(); });
        return taken ? *taken : Frame{};
    }
    Engine engine_;
};

TEST_F(EngineTest, RendersWhatARendererRenders) {
    open();
    engine_.set_params(seed(5));
    const Frame shown = frame();
    ASSERT_TRUE(shown.pixels) << shown.error;
    EXPECT_EQ(shown.params.model, engine_.load_status().playing);
    EXPECT_EQ(shown.precision, Precision::fp32);
    Renderer renderer(engine_.model());
    PixelBuffer direct;
    renderer.render(seed(5), direct);
    expect_same(*shown.pixels, direct);
}

TEST_F(EngineTest, EqualParamsAreRenderedOnce) {
    open();
    engine_.set_params(seed(1));
    const Frame first = frame();
    engine_.set_params(seed(1));
    engine_.set_params(seed(1));
    engine_.set_params(seed(2));
    const Frame second = frame();
    EXPECT_EQ(second.params.walk.seeds.front(), 2U);
    EXPECT_EQ(second.sequence, first.sequence + 1);
}

TEST_F(EngineTest, ParamsBeforeTheModelAreKept) {
    engine_.set_params(seed(3));
    open();
    EXPECT_EQ(frame().params.walk.seeds.front(), 3U);
}

TEST_F(EngineTest, AFailedLoadLeavesTheOldModelPlaying) {
    open();
    const auto playing = engine_.load_status().playing;
    engine_.load("/nowhere/model.pkl");
    ASSERT_TRUE(soon([&] { return engine_.load_status().state == LoadState::failed; }));
    const LoadStatus status = engine_.load_status();
    EXPECT_NE(status.message.find("/nowhere/model.pkl"), std::string::npos);
    EXPECT_EQ(status.playing, playing);
    ASSERT_TRUE(status.info);
    engine_.set_params(seed(9));
    EXPECT_TRUE(frame().pixels);
}

TEST_F(EngineTest, TheNewestOfSeveralLoadsWins) {
    engine_.load("/nowhere/a.pkl");
    engine_.load("/nowhere/b.pkl");
    const auto last = engine_.load(test::model_file());
    ASSERT_TRUE(soon([&] { return engine_.load_status().state == LoadState::ready; }));
    EXPECT_EQ(engine_.load_status().playing, last);
}

TEST_F(EngineTest, BadParamsAreAnErrorInTheFrame) {
    open();
    RenderParams params = seed(1);
    params.walk.seeds.clear();
    engine_.set_params(params);
    const Frame failed = frame();
    EXPECT_FALSE(failed.pixels);
    EXPECT_FALSE(failed.error.empty());
    engine_.set_params(seed(1));
    EXPECT_TRUE(frame().pixels);
}

TEST_F(EngineTest, ThumbnailsComeOnceEach) {
    open();
    engine_.request_thumbnails({{4, seed(4)}, {5, seed(5)}, {6, seed(6)}}, 32);
    std::vector<Thumbnail> all;
    ASSERT_TRUE(soon([&] {
        for (Thumbnail& thumbnail : engine_.take_thumbnails()) {
            all.push_back(std::move(thumbnail));
        }
        return all.size() >= 3;
    }));
    // Whatever came twice would come before what is asked for next.
    engine_.request_thumbnails({{7, seed(7)}}, 32);
    ASSERT_TRUE(soon([&] {
        for (Thumbnail& thumbnail : engine_.take_thumbnails()) {
            all.push_back(std::move(thumbnail));
        }
        return all.back().key == 7;
    }));
    std::vector<std::uint64_t> keys;
    for (const Thumbnail& thumbnail : all) {
        keys.push_back(thumbnail.key);
    }
    EXPECT_EQ(keys, (std::vector<std::uint64_t>{4, 5, 6, 7}));
    EXPECT_EQ(all[0].pixels->width, 32);
    EXPECT_EQ(all[0].model, engine_.load_status().playing);
}

// Of a small model several are made at once; one that can't be is left out by itself.
TEST_F(EngineTest, ManyThumbnailsComeInOrderAndAreThePictures) {
    open();
    Renderer renderer(engine_.model()), apart(engine_.model());
    ThumbnailQueue queue;
    std::vector<ThumbnailRequest> requests;
    for (std::uint32_t i = 0; i < 19; ++i) {
        requests.push_back({i, seed(i)});
    }
    requests[6].params.psi = std::nan("");
    queue.request(requests, 32);
    std::vector<Thumbnail> made;
    bool some_at_once = false;
    for (int i = 0; i < 200 && queue.waiting(); ++i) {
        queue.step(renderer, 1, i > 0);
        std::vector<Thumbnail> taken = queue.take();
        some_at_once = some_at_once || taken.size() > 1;
        made.insert(made.end(), taken.begin(), taken.end());
    }
    EXPECT_TRUE(some_at_once);
    ASSERT_EQ(made.size(), 18U);
    for (std::size_t i = 0; i < made.size(); ++i) {
        const std::uint32_t wanted = static_cast<std::uint32_t>(i < 6 ? i : i + 1);
        EXPECT_EQ(made[i].key, wanted);
        PixelBuffer direct;
        apart.render(seed(wanted), direct);
        expect_same(*made[i].pixels, shrink(direct, 32));
    }
}

TEST_F(EngineTest, AThumbnailSurvivesAPictureInBetween) {
    open();
    Renderer renderer(engine_.model()), apart(engine_.model());
    ThumbnailQueue queue;
    queue.request({{4, seed(4)}}, 32);
    PixelBuffer other, direct;
    for (int i = 0; i < 100 && queue.waiting(); ++i) {
        if (i == 3) {
            renderer.render(seed(9), other);
        }
        queue.step(renderer, 1, i != 0 && i != 3);
    }
    const std::vector<Thumbnail> made = queue.take();
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].key, 4U);
    apart.render(seed(4), direct);
    expect_same(*made[0].pixels, shrink(direct, 32));
}

TEST_F(EngineTest, ASlowPictureIsPreviewedWhileMovingAndThenFull) {
    open();
    engine_.set_frame_budget(1e-6); // nothing fits: every moving picture is previewed
    engine_.set_params(seed(0), true);
    const Frame first = frame();
    EXPECT_EQ(first.sequence, 1U) << "a model's first picture comes at once and whole";
    EXPECT_FALSE(first.preview);
    engine_.set_params(seed(1), true);
    // The full picture may replace the preview before anyone looks; that it is the second one tells.
    Frame full = frame();
    if (full.preview) {
        EXPECT_EQ(full.sequence, 2U);
        EXPECT_EQ(full.pixels->width, 16);
        full = frame();
    }
    ASSERT_TRUE(full.pixels) << full.error;
    EXPECT_FALSE(full.preview);
    EXPECT_EQ(full.sequence, 3U);
    EXPECT_EQ(full.params.walk.seeds.front(), 1U);
    EXPECT_EQ(full.pixels->width, engine_.load_status().info->resolution);
    Renderer renderer(engine_.model());
    PixelBuffer direct;
    renderer.render(full.params, direct);
    expect_same(*full.pixels, direct); // what follows a preview is the picture itself
}

TEST_F(EngineTest, ThePreviewIsTheHighestBlockThatFits) {
    open();
    Renderer renderer(engine_.model());
    const int resolution = engine_.load_status().info->resolution;
    EXPECT_EQ(renderer.preview_resolution(seed(1), 1e-6), std::min(16, resolution));
    EXPECT_EQ(renderer.preview_resolution(seed(1), 1e9), resolution);
    PixelBuffer small, full;
    renderer.render(seed(1), small, nullptr, 16);
    EXPECT_EQ(small.width, std::min(16, resolution));
    renderer.render(seed(1), full);
    EXPECT_EQ(full.width, resolution);
}

TEST_F(EngineTest, BlocksAreMeasuredOnceTheFirstPictureIsOut) {
    open();
    EXPECT_TRUE(engine_.load_status().block_ms.empty()) << "nothing to show yet, so nothing is measured";
    engine_.set_params(seed(1), false);
    ASSERT_TRUE(soon([&] { return !engine_.load_status().block_ms.empty(); }));
    const auto first = engine_.take_frame(); // no waiting: it was out before the measuring began
    ASSERT_TRUE(first && first->pixels);
    EXPECT_EQ(first->sequence, 1U);
    const LoadStatus status = engine_.load_status();
    std::size_t blocks = 0;
    for (int size = 4; size <= status.info->resolution; size *= 2) {
        ++blocks;
    }
    EXPECT_EQ(status.block_ms.size(), blocks);
    EXPECT_TRUE(std::is_sorted(status.block_ms.begin(), status.block_ms.end()));

    Renderer renderer(engine_.model());
    engine_.set_params(seed(2), true); // nothing that measuring left behind gets into a picture
    const Frame second = frame();
    ASSERT_TRUE(second.pixels) << second.error;
    PixelBuffer direct;
    renderer.render(seed(2), direct, nullptr, second.pixels->width);
    expect_same(*second.pixels, direct);
}

TEST_F(EngineTest, ANewModelIsMeasuredAnew) {
    engine_.set_params(seed(1));
    open();
    ASSERT_TRUE(soon([&] { return !engine_.load_status().block_ms.empty(); }));
    open();
    frame();
    ASSERT_TRUE(soon([&] { return !engine_.load_status().block_ms.empty(); }));
}

TEST_F(EngineTest, PicturesMayComeWhileBlocksAreMeasured) {
    open();
    Renderer renderer(engine_.model()), apart(engine_.model());
    PixelBuffer between, direct;
    std::size_t steps = 0;
    while (renderer.measure_next_block(seed(1))) {
        if (++steps % 4 == 0) {
            const auto other = seed(static_cast<std::uint32_t>(steps));
            renderer.render(other, between);
            apart.render(other, direct);
            expect_same(between, direct);
        }
    }
    EXPECT_EQ(steps, 3 * renderer.block_ms(seed(1)).size());
    EXPECT_FALSE(renderer.measure_next_block(seed(1)));
}

TEST_F(EngineTest, TheViewersPrecisionIsChosenBetweenPictures) {
    open();
    RenderParams params = seed(1);
    params.precision = Precision::model;
    engine_.set_params(params);
    const Frame first = frame();
    EXPECT_EQ(first.precision, Precision::fp32) << "nothing is known yet, and the picture does not wait for it";
    EXPECT_EQ(first.params.precision, Precision::model) << "what was asked for";

    Renderer renderer(engine_.model());
    EXPECT_EQ(renderer.precision_so_far(params), Precision::fp32);
    EXPECT_EQ(renderer.precision_so_far(seed(1)), Precision::fp32);
    while (renderer.measure_next_block(params)) {
    }
    const Precision chosen = renderer.precision_so_far(params);
    EXPECT_NE(chosen, Precision::model);
    EXPECT_EQ(renderer.viewer_precision(), chosen);
    EXPECT_FALSE(renderer.block_ms(params).empty());
    EXPECT_FALSE(renderer.measure_next_block(params)) << "all has been measured";
}

TEST_F(EngineTest, PreparedBlocksAreThoseOfThePicture) {
    open();
    Renderer renderer(engine_.model()), apart(engine_.model());
    PixelBuffer prepared, direct;
    for (const std::uint32_t wanted : {3U, 4U}) {
        for (int size = 4; size < engine_.load_status().info->resolution; size *= 2) {
            renderer.prepare(seed(3), size);
        }
        renderer.render(seed(wanted), prepared); // what was prepared in vain leaves no trace either
        apart.render(seed(wanted), direct);
        expect_same(prepared, direct);
    }
    RenderParams bad = seed(1);
    bad.walk.seeds.clear();
    EXPECT_THROW(renderer.prepare(bad, 16), std::exception);
}

TEST_F(EngineTest, NoPreviewAtRestOrWithoutABudget) {
    open();
    engine_.set_frame_budget(1e-6);
    engine_.set_params(seed(1), false);
    EXPECT_EQ(frame().sequence, 1U);
    engine_.set_frame_budget(0);
    engine_.set_params(seed(2), true);
    EXPECT_EQ(frame().sequence, 2U);
    engine_.set_frame_budget(1e9);
    engine_.set_params(seed(3), true);
    EXPECT_EQ(frame().sequence, 3U);
}

TEST(EngineLife, EndsWhileLoadingAndRendering) {
    for (int i = 0; i < 3; ++i) {
        Engine engine({"cpu", 1});
        engine.load(test::model_file());
        engine.set_params(seed(1));
    }
}

TEST(FramePool, BuffersComeBack) {
    auto pool = std::make_unique<FramePool>(2);
    auto a = pool->take(), b = pool->take(), c = pool->take();
    const PixelBuffer* first = a.get();
    a.reset();
    EXPECT_EQ(pool->unused(), 1U);
    EXPECT_EQ(pool->take().get(), first);
    b.reset();
    EXPECT_EQ(pool->unused(), 2U);
    pool.reset();
    c->rgba.resize(16); // outlives its pool
}

TEST(Shrink, AveragesBoxes) {
    PixelBuffer picture{4, 4, std::vector<std::uint8_t>(64, 10)};
    picture.rgba[0] = 50;
    const PixelBuffer small = shrink(picture, 2);
    ASSERT_EQ(small.width, 2);
    EXPECT_EQ(small.rgba[0], 20);
    EXPECT_EQ(small.rgba[1], 10);
    EXPECT_EQ(shrink(picture, 8).rgba, picture.rgba);
}

TEST(Mailbox, LatestWins) {
    Mailbox<int> box;
    EXPECT_FALSE(box.take());
    box.put(1);
    box.put(2);
    EXPECT_EQ(box.take(), 2);
    EXPECT_FALSE(box.take());
    std::jthread writer([&] { box.put(3); });
    EXPECT_EQ(box.wait(std::stop_source().get_token()), 3);
    std::stop_source stopped;
    stopped.request_stop();
    EXPECT_FALSE(box.wait(stopped.get_token()));
}

TEST(BoundedQueue, KeepsOrderAndBounds) {
    BoundedQueue<int> queue(2);
    EXPECT_TRUE(queue.try_push(1));
    EXPECT_TRUE(queue.try_push(2));
    EXPECT_FALSE(queue.try_push(3));
    EXPECT_EQ(queue.pop(), 1);
    std::jthread writer([&] {
        queue.push(3);
        queue.push(4);
        queue.close();
    });
    EXPECT_EQ(queue.pop(), 2);
    EXPECT_EQ(queue.pop(), 3);
    EXPECT_EQ(queue.pop(), 4);
    EXPECT_FALSE(queue.pop());
    EXPECT_FALSE(queue.try_push(5));
}

} // namespace
