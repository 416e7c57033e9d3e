// SPDX-License-Identifier: Apache-2.0
// RenderPool: the pixels of one renderer, in order, whatever happens on the way.
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "bench/bench_model.h"
#include "engine/render_pool.h"
#include "engine/renderer.h"
#include "ops/threads.h"
#include "support/model_file.h"

namespace atelier {
namespace {

RenderParams seed(int value) {
    RenderParams params;
    params.walk.seeds = {static_cast<std::uint32_t>(value)};
    params.precision = Precision::fp32;
    return params;
}

class RenderPoolTest : public testing::Test {
protected:
    std::shared_ptr<const LoadedModel> model_ = load_model(test::model_file(), "cpu");
    std::vector<int> done_;

    std::function<RenderOrder(int)> seeds() {
        return [this](int i) { return RenderOrder{model_, seed(i)}; };
    }
    std::function<void(int, PixelBuffer&)> note() {
        return [this](int i, PixelBuffer&) { done_.push_back(i); };
    }
    std::vector<int> first(int count) const {
        std::vector<int> all;
        for (int i = 0; i < count; ++i)
            all.push_back(i);
        return all;
    }
};

TEST_F(RenderPoolTest, GivesThePixelsOfOneRendererInOrder) {
    const auto large = bench::in_memory(bench::bench_generator(bench::bench_config(128)));
    for (const int cores : {1, 3, 8}) {
        const OperationThreads threads(cores);
        Renderer small_one(model_), large_one(large);
        RenderPool pool;
        done_.clear();
        const auto model_at = [&](int i) { return i % 5 == 4 ? large : model_; };
        const int count = pool.run(
            23,
            [&](int i) {
                return RenderOrder{model_at(i), seed(i)};
            },
            [&](int i, PixelBuffer& picture) {
                PixelBuffer alone;
                (i % 5 == 4 ? large_one : small_one).render(seed(i), alone);
                EXPECT_EQ(picture.rgba, alone.rgba) << "picture " << i << " with " << cores << " cores";
                done_.push_back(i);
            },
            {});
        EXPECT_EQ(count, 23);
        EXPECT_EQ(done_, first(23));
    }
}

TEST_F(RenderPoolTest, GoesOnWithAnotherNumberOfThreadsForAnotherSize) {
    const auto large = bench::in_memory(bench::bench_generator(bench::bench_config(256)));
    const OperationThreads threads(24); // more than are taken at 256 px
    RenderPool pool;
    std::vector<int> widths;
    EXPECT_EQ(pool.run(
                  9,
                  [&](int i) {
                      return RenderOrder{i / 3 == 1 ? large : model_, seed(i)};
                  },
                  [&](int i, PixelBuffer& picture) {
                      done_.push_back(i);
                      widths.push_back(picture.width);
                  },
                  {}),
              9);
    EXPECT_EQ(done_, first(9));
    EXPECT_EQ(widths, (std::vector<int>{64, 64, 64, 256, 256, 256, 64, 64, 64}));
}

TEST_F(RenderPoolTest, DecidesThePrecisionOnce) {
    RenderPool pool;
    std::vector<PixelBuffer> twice;
    for (int round = 0; round < 2; ++round) {
        pool.run(
            4,
            [&](int) {
                RenderParams params = seed(3);
                params.precision = Precision::model;
                return RenderOrder{model_, params};
            },
            [&](int, PixelBuffer& picture) { twice.push_back(picture); }, {});
    }
    for (const PixelBuffer& each : twice)
        EXPECT_EQ(each.rgba, twice.front().rgba);
}

TEST_F(RenderPoolTest, AFailureComesOutAfterThePicturesBeforeIt) {
    RenderPool pool;
    const auto fails_at = [this](int which) {
        return [this, which](int i) {
            RenderParams params = seed(i);
            params.precision = i == which ? Precision::fp16 : Precision::fp32; // which no CPU renders
            return RenderOrder{model_, params};
        };
    };
    EXPECT_THROW(pool.run(9, fails_at(5), note(), {}), std::exception);
    EXPECT_EQ(done_, first(5));

    done_.clear();
    const auto order_ends = [&](int i) {
        if (i == 4)
            throw std::runtime_error("no more");
        return seeds()(i);
    };
    EXPECT_THROW(pool.run(9, order_ends, note(), {}), std::runtime_error);
    EXPECT_EQ(done_, first(4));

    done_.clear();
    const auto full = [&](int i, PixelBuffer&) {
        if (i == 3)
            throw std::runtime_error("the disk is full");
        done_.push_back(i);
    };
    EXPECT_THROW(pool.run(9, seeds(), full, {}), std::runtime_error);
    EXPECT_EQ(done_, first(3));

    done_.clear();
    EXPECT_EQ(pool.run(2, seeds(), note(), {}), 2) << "and it goes on to work";
    EXPECT_EQ(pool.run(0, seeds(), note(), {}), 0);
}

TEST_F(RenderPoolTest, StopsWhenAsked) {
    RenderPool pool;
    std::stop_source stop;
    const auto stops = [&](int i, PixelBuffer&) {
        done_.push_back(i);
        if (i == 6)
            stop.request_stop();
    };
    EXPECT_EQ(pool.run(1000, seeds(), stops, stop.get_token()), 7);
    EXPECT_EQ(done_, first(7));
}

TEST(PicturesAtOnce, AreFewWhereEachIsLarge) {
    EXPECT_EQ(pictures_at_once(64, 2), 2);
    EXPECT_EQ(pictures_at_once(64, 48), 48);
    EXPECT_EQ(pictures_at_once(1024, 48), 3);
    EXPECT_EQ(pictures_at_once(1024, 1), 1);
}

} // namespace
} // namespace atelier
