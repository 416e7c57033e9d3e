// SPDX-License-Identifier: Apache-2.0
#include "ops/layer_cuda.h"

#ifdef ATELIER_WITH_CUDA

#include "ops/device_runner.h"
#include "ops/layer_kernel_backend.h"

namespace atelier::ops {
namespace {

struct LayerTailRunner : DeviceRunner {
    static constexpr auto layer_tail = &kernels::layer_tail;
    static constexpr auto layer_tail_gradient = &kernels::layer_tail_gradient;
    static constexpr auto layer_tail_second = &kernels::layer_tail_second;
};

} // namespace

at::Tensor layer_tail_cuda(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& noise,
                           const at::Tensor& bias, const BiasAct& how) {
    return tail::layer_tail_with<LayerKernels<LayerTailRunner>>(x, scale, noise, bias, how);
}

} // namespace atelier::ops

#endif
