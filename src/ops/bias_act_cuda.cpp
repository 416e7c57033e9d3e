// SPDX-License-Identifier: Apache-2.0
#include "ops/bias_act_cuda.h"

#ifdef ATELIER_WITH_CUDA

#include "ops/bias_act_function.h"
#include "ops/device_runner.h"

namespace atelier::ops {
namespace {

struct BiasActRunner : DeviceRunner {
    static constexpr auto forward = &kernels::bias_act;
    static constexpr auto gradient = &kernels::bias_act_gradient;
    static constexpr auto second = &kernels::bias_act_second;
};

} // namespace

at::Tensor bias_act_cuda(const at::Tensor& x, const at::Tensor& b, const BiasAct& how, std::int64_t dim) {
    return bias_act_with<BiasActRunner>(x, b, how, dim);
}

} // namespace atelier::ops

#endif
