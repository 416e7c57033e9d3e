// SPDX-License-Identifier: Apache-2.0
// bias_act on a CUDA device through its kernels. Internal to ops; defined only in builds with CUDA.
#pragma once

#include "ops/bias_act.h"

namespace atelier::ops {

// For CUDA tensors that kernel_takes (ops/bias_act_function.h). Runs on the current stream of x's device.
// Throws c10::Error when the launch fails.
at::Tensor bias_act_cuda(const at::Tensor& x, const at::Tensor& b, const BiasAct& how, std::int64_t dim);

} // namespace atelier::ops
