// SPDX-License-Identifier: Apache-2.0
// Sums over ranks on GPUs, by NCCL: one rank for each device that there is. Without a device the test skips (77).
#include <ATen/ATen.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <gtest/gtest.h>

#include "ops/device.h"
#include "support/thread_ranks.h"
#include "train/device_ranks.h"

namespace {

using namespace atelier;

TEST(NcclRanks, AddUpWhatLiesOnTheDevices) {
    std::string why;
    if (!have_cuda(&why)) {
        GTEST_SKIP() << why << " NCCL was not run.";
    }
    const int devices = c10::cuda::device_count();
    const double whole = devices * (devices + 1) / 2.0;
    const auto work = [&](train::Ranks& others) {
        const c10::Device device(c10::kCUDA, static_cast<c10::DeviceIndex>(others.rank()));
        const c10::cuda::CUDAGuard guard(device);
        std::string problem;
        const std::unique_ptr<train::Ranks> ranks = train::nccl_ranks(others, device, problem);
        ASSERT_NE(ranks, nullptr) << problem;
        EXPECT_EQ(ranks->size(), devices);
        const double mine = others.rank() + 1;
        const auto on_device = at::TensorOptions().device(device);
        // More than a bucket, one without dimensions, half precision beside float32, and one that lies on the CPU.
        const std::vector<at::Tensor> tensors{
            at::full({3000000}, mine, on_device),  at::full({2000000, 2}, mine, on_device),
            at::full({}, mine, on_device),         at::full({5, 7}, mine, on_device.dtype(at::kHalf)),
            at::full({4, 6}, mine, on_device).t(), at::full({11}, mine, at::kDouble)};
        for (int again = 0; again < 2; ++again) {
            for (at::Tensor tensor : tensors) {
                tensor.fill_(mine);
            }
            ranks->sum(tensors);
            for (const at::Tensor& tensor : tensors) {
                EXPECT_TRUE(tensor.eq(whole).all().item<bool>()) << tensor.sizes();
            }
        }
        EXPECT_EQ(ranks->gather("x").size(), static_cast<std::size_t>(devices));
        // Halves are added up in float32: 2048 + 1 + 1 + ... would stay 2048 in half precision.
        const at::Tensor large = at::full({2}, others.first() ? 2048 : 1, on_device.dtype(at::kHalf));
        ranks->sum({large});
        EXPECT_EQ(large[0].item<float>(), at::full({}, 2048 + devices - 1).to(at::kHalf).item<float>());
    };
    EXPECT_TRUE(test::on_ranks(devices, work).empty());
}

} // namespace
