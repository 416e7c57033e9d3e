// SPDX-License-Identifier: Apache-2.0
#include "ops/upfirdn2d_cuda.h"

#ifdef ATELIER_WITH_CUDA

#include "ops/device_runner.h"
#include "ops/upfirdn2d_function.h"

namespace atelier::ops {
namespace {

struct UpfirdnRunner : DeviceRunner {
    static constexpr auto upfirdn2d = &kernels::upfirdn2d;
};

} // namespace

at::Tensor upfirdn2d_cuda(const at::Tensor& x, const at::Tensor& f, const Resample& how) {
    return upfirdn2d_with<UpfirdnRunner>(x, f, how);
}

} // namespace atelier::ops

#endif
