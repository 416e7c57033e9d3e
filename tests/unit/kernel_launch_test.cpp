// SPDX-License-Identifier: Apache-2.0
// Grid arithmetic, the launch macro, and the emulation itself.
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <c10/util/BFloat16.h>
#include <c10/util/Half.h>
#include <gtest/gtest.h>

#include "support/cuda_emulation.h"

#include "ops/cuda/element.h"
#include "ops/cuda/launch.h"

namespace {

using namespace atelier;
using test::emulation;

__global__ void touch_kernel(std::int64_t count, int* touched) {
    for (std::int64_t i = kernels::first_element(); i < count; i += kernels::element_stride()) {
        ++touched[i];
    }
}

template <typename T, int step> __global__ void add_kernel(std::int64_t count, T* out) {
    for (std::int64_t i = kernels::first_element(); i < count; i += kernels::element_stride()) {
        out[i] += step;
    }
}

TEST(Launch, ShapeCoversAllElementsAndNoBlockMore) {
    EXPECT_EQ(kernels::launch_shape(-5).blocks, 0U);
    EXPECT_EQ(kernels::launch_shape(0).blocks, 0U);
    EXPECT_EQ(kernels::launch_shape(1).blocks, 1U);
    EXPECT_EQ(kernels::launch_shape(255).blocks, 1U);
    EXPECT_EQ(kernels::launch_shape(256).blocks, 1U);
    EXPECT_EQ(kernels::launch_shape(257).blocks, 2U);
    EXPECT_EQ(kernels::launch_shape(512).blocks, 2U);
    EXPECT_EQ(kernels::launch_shape(std::int64_t{1} << 32).blocks, 1U << 24);
    EXPECT_EQ(kernels::launch_shape(1).threads, 256U);
}

TEST(Launch, ShapeStaysWithinTheGridLimits) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    constexpr std::int64_t limit = 2147483647;
    EXPECT_EQ(kernels::launch_shape(limit * 256).blocks, 2147483647U);
    EXPECT_EQ(kernels::launch_shape(limit * 256 + 1).blocks, 2147483647U);
    EXPECT_EQ(kernels::launch_shape(most).blocks, 2147483647U);
    EXPECT_EQ(kernels::launch_shape(most, most).blocks, 2147483647U) << "a limit above CUDA's own counts for nothing";
    EXPECT_EQ(kernels::launch_shape(10000, 3).blocks, 3U);
}

TEST(Launch, EveryElementIsVisitedOnce) {
    const test::EmulationScope scope;
    for (const std::int64_t limit : {1, 2, 3, 1000}) {
        for (const bool backwards : {false, true}) {
            for (const std::int64_t count : {0, 1, 2, 255, 256, 257, 1000, 2048}) {
                emulation.grid_limit = limit;
                emulation.backwards = backwards;
                std::vector<int> touched(static_cast<std::size_t>(count) + 300, 0);
                EXPECT_EQ(ATELIER_LAUNCH(touch_kernel, count, kernels::Stream{}, count, touched.data()), 0);
                for (std::size_t i = 0; i < touched.size(); ++i) {
                    ASSERT_EQ(touched[i], i < static_cast<std::size_t>(count) ? 1 : 0)
                        << "element " << i << " of " << count << " with at most " << limit << " blocks";
                }
            }
        }
    }
}

TEST(Launch, NothingIsStartedForNoElements) {
    const test::EmulationScope scope;
    emulation.status = 9; // what CUDA would say of an empty grid
    EXPECT_EQ(ATELIER_LAUNCH(touch_kernel, 0, kernels::Stream{}, 0, nullptr), 0);
    EXPECT_EQ(emulation.launches, scope.before.launches);
}

TEST(Launch, FailuresAreHandedOn) {
    const test::EmulationScope scope;
    emulation.status = 2;
    int touched = 0;
    EXPECT_EQ(ATELIER_LAUNCH(touch_kernel, 1, kernels::Stream{}, 1, &touched), 2);
    EXPECT_EQ(touched, 0);
}

TEST(Launch, KernelsWithSeveralTemplateArgumentsStandInParentheses) {
    std::vector<std::uint8_t> out(10, 1);
    EXPECT_EQ(ATELIER_LAUNCH((add_kernel<std::uint8_t, 2>), 10, kernels::Stream{}, 10, out.data()), 0);
    EXPECT_EQ(out, std::vector<std::uint8_t>(10, 3));
}

TEST(Launch, DivideAgreesBelowAndAbove32Bits) {
    const std::int64_t numbers[] = {0, 1, 7, 255, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x123456789ab};
    for (const std::int64_t a : numbers) {
        for (const std::int64_t b : numbers) {
            if (b > 0) {
                const kernels::Division d = kernels::divide(a, b);
                EXPECT_EQ(d.quotient, a / b) << a << " / " << b;
                EXPECT_EQ(d.remainder, a % b) << a << " % " << b;
            }
        }
    }
}

// The emulated number formats against torch's: all values read, and written from all values and what lies between.
TEST(Emulation, HalfIsTorchsHalf) {
    for (unsigned bits = 0; bits < 65536; ++bits) {
        const auto raw = static_cast<std::uint16_t>(bits);
        const float v = c10::Half(raw, c10::Half::from_bits());
        const float mine = kernels::to_float(__half{raw});
        if (std::isnan(v)) {
            ASSERT_TRUE(std::isnan(mine)) << bits;
            ASSERT_TRUE(std::isnan(kernels::to_float(kernels::from_float<__half>(mine)))) << bits;
            continue;
        }
        ASSERT_EQ(mine, v) << bits;
        for (const float f : {v, v * 1.0003F, v * 1.00048828125F, std::nextafter(v * 1.00048828125F, 1e9F), v * 1.001F,
                              v + 0x1p-25F, v - 0x1p-25F, std::nextafter(v + 0x1p-25F, 0.0F)}) {
            ASSERT_EQ(kernels::from_float<__half>(f).bits, c10::Half(f).x) << f;
        }
    }
    for (const float f : {65519.99F, 65520.0F, 65521.0F, 1e9F, -1e9F, 1e-9F, -1e-9F}) {
        EXPECT_EQ(kernels::from_float<__half>(f).bits, c10::Half(f).x) << f;
    }
}

TEST(Emulation, Bfloat16IsTorchsBfloat16) {
    for (unsigned bits = 0; bits < 65536; ++bits) {
        const auto raw = static_cast<std::uint16_t>(bits);
        const float v = c10::BFloat16(raw, c10::BFloat16::from_bits());
        const float mine = kernels::to_float(__nv_bfloat16{raw});
        if (std::isnan(v)) {
            ASSERT_TRUE(std::isnan(mine)) << bits;
            ASSERT_TRUE(std::isnan(kernels::to_float(kernels::from_float<__nv_bfloat16>(mine)))) << bits;
            continue;
        }
        ASSERT_EQ(mine, v) << bits;
        for (const float f : {v, v * 1.002F, v * 1.00390625F, std::nextafter(v * 1.00390625F, 1e30F), v * 1.005F}) {
            ASSERT_EQ(kernels::from_float<__nv_bfloat16>(f).bits, c10::BFloat16(f).x) << f;
        }
    }
}

} // namespace
