// SPDX-License-Identifier: Apache-2.0
// Convolutions by tiles against torch's, and the loop that divides them among threads.
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include "engine/winograd_layer.h"
#include "ops/parallel.h"
#include "ops/winograd_conv.h"

namespace {

using namespace atelier;
using ops::WinogradConv;
using ops::WinogradKind;

class WinogradConvTest : public testing::Test {
protected:
    WinogradConvTest() { at::manual_seed(5); }
    ~WinogradConvTest() override { at::set_num_threads(threads_); }
    int threads_ = at::get_num_threads();
    c10::InferenceMode inference_;
};

// Rows are computed in the shares that `bounds` says. Memory is NaN before, so that a forgotten output shows.
at::Tensor by_tiles(const WinogradConv& conv, const at::Tensor& weight, const at::Tensor& x,
                    const std::vector<int>& bounds) {
    const auto floats = [](std::size_t n) {
        return at::full({static_cast<std::int64_t>(n)}, std::numeric_limits<double>::quiet_NaN(), at::kFloat);
    };
    at::Tensor packed = floats(ops::winograd_weight_size(conv)), scratch = floats(ops::winograd_scratch_size(conv));
    ops::pack_winograd_weight(conv, weight.const_data_ptr<float>(), packed.data_ptr<float>());
    const int up = conv.kind == WinogradKind::up ? 1 : 0;
    at::Tensor y = at::full({conv.height * (1 + up) + up, conv.width * (1 + up) + up, conv.channels},
                            std::numeric_limits<double>::quiet_NaN(), at::kFloat);
    for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
        ops::winograd_conv(conv, packed.const_data_ptr<float>(), x.const_data_ptr<float>(), y.data_ptr<float>(),
                           bounds[i], bounds[i + 1], scratch.data_ptr<float>());
    }
    return y;
}

at::Tensor by_torch(const WinogradConv& conv, const at::Tensor& weight, const at::Tensor& x) {
    const at::Tensor w = weight.to(at::kDouble), in = x.to(at::kDouble).permute({2, 0, 1}).unsqueeze(0);
    const at::Tensor y = conv.kind == WinogradKind::up
                             ? at::conv_transpose2d(in, w.transpose(0, 1), {}, at::IntArrayRef{2, 2})
                             : at::conv2d(in, w, {}, at::IntArrayRef{1, 1}, at::IntArrayRef{1, 1});
    return y.squeeze(0).permute({1, 2, 0});
}

TEST_F(WinogradConvTest, EqualsTorch) {
    struct Shape {
        int height, width, in, out;
    };
    // Single pixels, odd sizes, more tiles than go through at once, counts off the vector width and off its fours.
    for (const Shape& s :
         {Shape{1, 1, 1, 1}, Shape{1, 6, 3, 20}, Shape{2, 2, 16, 16}, Shape{7, 5, 37, 19}, Shape{8, 8, 32, 64},
          Shape{9, 4, 40, 70}, Shape{3, 101, 5, 33}, Shape{6, 90, 17, 48}, Shape{24, 33, 24, 112}}) {
        for (const WinogradKind kind : {WinogradKind::same, WinogradKind::up}) {
            SCOPED_TRACE(testing::Message() << (kind == WinogradKind::up ? "up " : "same ") << s.height << "x"
                                            << s.width << ", " << s.in << " to " << s.out);
            const WinogradConv conv{kind, s.height, s.width, s.in, s.out};
            const at::Tensor weight = at::randn({s.out, s.in, 3, 3}), x = at::randn({s.height, s.width, s.in});
            const int rows = ops::tile_rows(conv);
            const at::Tensor y = by_tiles(conv, weight, x, {0, rows}), want = by_torch(conv, weight, x);
            ASSERT_EQ(y.sizes(), want.sizes());
            EXPECT_LE(((y - want).abs().max() / want.abs().max()).item<double>(), 2e-6);
            EXPECT_TRUE(at::equal(y, by_tiles(conv, weight, x, {0, rows / 3, rows / 2, rows}))) << "divided";
        }
    }
}

TEST_F(WinogradConvTest, TileRowsCoverTheOutputOnce) {
    for (const int height : {1, 2, 7, 8}) {
        const WinogradConv same{WinogradKind::same, height, 4, 16, 16}, up{WinogradKind::up, height, 4, 16, 16};
        EXPECT_EQ(ops::tile_output_row(same, 0), 0);
        EXPECT_EQ(ops::tile_output_row(same, ops::tile_rows(same)), height);
        EXPECT_EQ(ops::tile_output_row(up, ops::tile_rows(up)), 2 * height + 1);
    }
}

TEST_F(WinogradConvTest, TheSameForAnyNumberOfThreads) {
    const at::Tensor weight = at::randn({48, 33, 3, 3}), x = at::randn({30, 30, 33});
    for (const bool up : {false, true}) {
        const WinogradLayer conv(weight, up, 30, 30);
        std::vector<at::Tensor> results;
        for (const int threads : {1, 2}) {
            at::set_num_threads(threads);
            std::vector<int> finished(up ? 61 : 30, 0); // each row by one thread alone
            results.push_back(at::full({static_cast<std::int64_t>(conv.output_size())}, -1.0, at::kFloat));
            conv.run(x.const_data_ptr<float>(), results.back().data_ptr<float>(), [&](int first, int last) {
                for (int row = first; row < last; ++row) {
                    ++finished[static_cast<std::size_t>(row)];
                }
            });
            EXPECT_EQ(std::count(finished.begin(), finished.end(), 1), static_cast<std::ptrdiff_t>(finished.size()));
        }
        EXPECT_TRUE(at::equal(results[0], results[1]));
        const WinogradConv plain{up ? WinogradKind::up : WinogradKind::same, 30, 30, 33, 48};
        const at::Tensor want = by_torch(plain, weight, x).flatten();
        EXPECT_LE(((results[0] - want).abs().max() / want.abs().max()).item<double>(), 2e-6);
    }
}

TEST_F(WinogradConvTest, LoopsUseSeveralThreads) {
#if defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "loops have one share under the thread sanitizer";
#endif
    at::set_num_threads(2);
    std::mutex mutex;
    std::set<std::thread::id> threads;
    std::int64_t sum = 0;
    ops::parallel_for(0, 10, 1, [&](std::int64_t first, std::int64_t last) {
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
        sum += last - first;
    });
    EXPECT_EQ(sum, 10);
    EXPECT_EQ(threads.size(), 2U) << "OpenMP is off for ops/parallel.cpp";
    EXPECT_THROW(ops::parallel_for(0, 10, 1, [](auto, auto) { throw std::runtime_error("share"); }),
                 std::runtime_error);
}

} // namespace
