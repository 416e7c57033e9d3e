// SPDX-License-Identifier: Apache-2.0
// layer_tail on a CUDA device through its kernels. Internal to ops; defined only in builds with CUDA.
#pragma once

#include "ops/bias_act.h"

namespace atelier::ops {

// For CUDA tensors that layer_kernel_takes. Throws c10::Error when a launch fails.
at::Tensor layer_tail_cuda(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& noise,
                           const at::Tensor& bias, const BiasAct& how);

} // namespace atelier::ops
