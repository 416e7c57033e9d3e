// SPDX-License-Identifier: Apache-2.0
// Never run on a device so far: the kernels and the functions over them are tested by emulation
// (tests/unit/kernel_bias_act_test.cpp), what is below by kernel_gpu_test where there is a GPU.
#include "ops/bias_act_cuda.h"

#ifdef ATELIER_WITH_CUDA

#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include "ops/bias_act_function.h"

namespace atelier::ops {
namespace {

struct DeviceRunner {
    static constexpr auto forward = &kernels::bias_act;
    static constexpr auto gradient = &kernels::bias_act_gradient;
    static constexpr auto second = &kernels::bias_act_second;

    template <typename Entry> static void run(const at::Tensor& x, Entry&& entry) {
        const c10::cuda::CUDAGuard guard(x.device()); // a launch goes to the current device
        const kernels::Status status = entry(c10::cuda::getCurrentCUDAStream().stream());
        C10_CUDA_CHECK(static_cast<cudaError_t>(status));
    }
};

} // namespace

at::Tensor bias_act_cuda(const at::Tensor& x, const at::Tensor& b, const BiasAct& how, std::int64_t dim) {
    return bias_act_with<DeviceRunner>(x, b, how, dim);
}

} // namespace atelier::ops

#endif
