// SPDX-License-Identifier: Apache-2.0
// The packing kernel, run by emulation, against the packing on the CPU: the same bytes.
#include <cmath>
#include <limits>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "engine/pack.h"

#include "support/cuda_emulation.h"

#include "ops/cuda/pack_rgba.cu"

namespace {

using namespace atelier;
using test::emulation;

constexpr std::uint8_t untouched = 77;

// picture [1,1..4,H,W]
void expect_same_bytes(const at::Tensor& picture, const std::string& what) {
    PixelBuffer wanted;
    pack_rgba(picture, wanted);
    std::vector<std::uint8_t> got(wanted.rgba.size() + 64, untouched);
    ASSERT_EQ(kernels::pack_rgba(pack_picture(picture.select(0, 0)), got.data(), nullptr), 0) << what;
    for (std::size_t i = 0; i < got.size(); ++i) {
        ASSERT_EQ(int{got[i]}, int{i < wanted.rgba.size() ? wanted.rgba[i] : untouched}) << what << ", byte " << i;
    }
}

at::Tensor picture_of(std::vector<float> values) {
    const auto count = static_cast<std::int64_t>(values.size());
    return at::tensor(at::ArrayRef<float>(values)).reshape({1, 1, 1, count});
}

TEST(PackKernel, RandomPicturesOfManySizes) {
    const test::EmulationScope scope;
    at::manual_seed(1);
    for (const std::int64_t limit : {1, 2, 100000}) {
        for (const bool backwards : {false, true}) {
            emulation.grid_limit = limit;
            emulation.backwards = backwards;
            for (const std::int64_t channels : {1, 2, 3, 4}) {
                for (const auto& [h, w] : {std::pair{1, 1}, {1, 7}, {16, 16}, {17, 31}, {64, 64}, {5, 300}}) {
                    expect_same_bytes(at::randn({1, channels, h, w}),
                                      std::to_string(channels) + "x" + std::to_string(h) + "x" + std::to_string(w));
                }
            }
        }
    }
}

TEST(PackKernel, EmptyPicturesStartNothing) {
    const test::EmulationScope scope;
    expect_same_bytes(at::empty({1, 3, 0, 5}), "no rows");
    expect_same_bytes(at::empty({1, 3, 5, 0}), "no columns");
    EXPECT_EQ(emulation.launches, scope.before.launches);
}

TEST(PackKernel, StridesOfAllKinds) {
    at::manual_seed(2);
    const at::Tensor t = at::randn({2, 3, 24, 40});
    expect_same_bytes(t.slice(0, 1, 2), "second of a batch");
    expect_same_bytes(t.contiguous(at::MemoryFormat::ChannelsLast), "channels last");
    expect_same_bytes(t.transpose(2, 3), "transposed");
    expect_same_bytes(t.slice(2, 1, 20, 3).slice(3, 5, 39, 2), "every third row, every other column");
    expect_same_bytes(t.slice(1, 1, 2), "one channel of three");
    expect_same_bytes(at::randn({1, 3, 1, 1}).expand({1, 3, 9, 9}), "one colour expanded");
}

TEST(PackKernel, AlphaIsTheLastOfTwoOrFourChannels) {
    const at::Tensor rgba = at::tensor({-1.0F, 0.0F, 1.0F, 0.5F}).reshape({1, 4, 1, 1});
    PixelBuffer out;
    pack_rgba(rgba, out);
    EXPECT_TRUE(out.alpha);
    EXPECT_EQ(out.rgba, (std::vector<std::uint8_t>{0, 128, 255, 191}));
    pack_rgba(rgba.slice(1, 2, 4), out);
    EXPECT_TRUE(out.alpha);
    EXPECT_EQ(out.rgba, (std::vector<std::uint8_t>{255, 255, 255, 191})) << "gray and alpha";
    pack_rgba(rgba.slice(1, 0, 3), out);
    EXPECT_FALSE(out.alpha);
    EXPECT_EQ(out.rgba, (std::vector<std::uint8_t>{0, 128, 255, 255}));
    at::manual_seed(3);
    for (const std::int64_t channels : {2, 4}) {
        const at::Tensor t = at::randn({2, channels, 12, 20});
        expect_same_bytes(t.slice(0, 1, 2), "second of a batch");
        expect_same_bytes(t.contiguous(at::MemoryFormat::ChannelsLast), "channels last");
        expect_same_bytes(t.transpose(2, 3).to(at::kBFloat16), "transposed, bfloat16");
    }
}

TEST(PackKernel, NegativeStrides) {
    const std::vector<float> values{-1, -0.5, 0, 0.5, 1, 2};
    kernels::PackPicture p;
    p.data = values.data() + 5;
    p.height = 2;
    p.width = 3;
    p.stride_y = -3;
    p.stride_x = -1;
    std::vector<std::uint8_t> got(24);
    ASSERT_EQ(kernels::pack_rgba(p, got.data(), nullptr), 0);
    EXPECT_EQ(got, (std::vector<std::uint8_t>{255, 255, 255, 255, 255, 255, 255, 255, 191, 191, 191, 255,
                                              128, 128, 128, 255, 64,  64,  64,  255, 0,   0,   0,   255}));
}

TEST(PackKernel, OffsetsBeyond32Bits) {
    kernels::PackPicture p;
    p.height = 70000;
    p.width = 70000;
    p.stride_y = 3 * 70000;
    p.stride_x = 3;
    EXPECT_EQ(kernels::pixel_offset(p, 0), 0);
    EXPECT_EQ(kernels::pixel_offset(p, p.height * p.width - 1), 3 * p.height * p.width - 3);
    EXPECT_EQ(kernels::pixel_offset(p, std::int64_t{70000} * 65000 + 123), std::int64_t{210000} * 65000 + 369);
}

TEST(PackKernel, ValuesAroundEveryByte) {
    std::vector<float> values;
    for (int byte = -2; byte <= 258; ++byte) {
        const float centre = (static_cast<float>(byte) - 128.0F) / 127.5F;
        float low = centre, high = centre;
        values.push_back(centre);
        for (int i = 0; i < 6; ++i) {
            low = std::nextafter(low, -10.0F);
            high = std::nextafter(high, 10.0F);
            values.push_back(low);
            values.push_back(high);
        }
    }
    expect_same_bytes(picture_of(std::move(values)), "steps around the limits of each byte");
}

TEST(PackKernel, RoundsAfterEachStepLikeTheCpu) {
    // A fused multiply-add would pack some of these differently; without such a value the test proves nothing.
    std::vector<float> values;
    int fused_differs = 0;
    for (int i = 0; i < 2000000 && values.size() < 64; ++i) {
        const float v = std::nextafter((static_cast<float>(i % 256) - 128.0F) / 127.5F, i % 2 == 0 ? 2.0F : -2.0F);
        const float near = v * (1.0F + static_cast<float>(i / 256) * 0x1p-24F);
        const float fused = std::fma(near, 127.5F, 128.0F), stepwise = __fadd_rn(__fmul_rn(near, 127.5F), 128.0F);
        if (std::floor(fused) != std::floor(stepwise)) {
            values.push_back(near);
            ++fused_differs;
        }
    }
    ASSERT_GT(fused_differs, 0);
    expect_same_bytes(picture_of(std::move(values)), "values that a fused multiply-add would move");
}

TEST(PackKernel, NanAndInfinity) {
    constexpr float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    const at::Tensor t = picture_of({nan, -nan, inf, -inf, 0.0F, -0.0F, 1e30F, -1e30F, 1.0F, -1.0F, 1e-40F});
    expect_same_bytes(t, "special values");
    std::vector<std::uint8_t> got(44);
    ASSERT_EQ(kernels::pack_rgba(pack_picture(t.select(0, 0)), got.data(), nullptr), 0);
    EXPECT_EQ((std::vector<int>{got[0], got[3], got[4], got[8], got[11], got[12], got[16]}),
              (std::vector<int>{0, 255, 0, 255, 255, 0, 128}));
}

TEST(PackKernel, EveryHalfAndBfloat16Value) {
    const at::Tensor bits = at::arange(65536, at::kInt).to(at::kShort).reshape({1, 1, 256, 256});
    expect_same_bytes(bits.view(at::kHalf), "all half values");
    expect_same_bytes(bits.view(at::kBFloat16), "all bfloat16 values");
    expect_same_bytes(at::randn({1, 3, 9, 33}).to(at::kHalf), "half in colour");
}

TEST(PackKernel, AFailedLaunchIsReportedAndWritesNothing) {
    const test::EmulationScope scope;
    emulation.status = 98;
    std::vector<std::uint8_t> got(16, untouched);
    EXPECT_EQ(kernels::pack_rgba(pack_picture(at::zeros({3, 2, 2})), got.data(), nullptr), 98);
    EXPECT_EQ(got, std::vector<std::uint8_t>(16, untouched));
}

} // namespace
