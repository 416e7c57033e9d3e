// SPDX-License-Identifier: Apache-2.0
// upfirdn2d on a CUDA device through its kernel. Internal to ops; defined only in builds with CUDA.
#pragma once

#include "ops/upfirdn2d.h"

namespace atelier::ops {

// For CUDA tensors that upfirdn_kernel_takes. Throws c10::Error when the launch fails.
at::Tensor upfirdn2d_cuda(const at::Tensor& x, const at::Tensor& f, const Resample& how);

} // namespace atelier::ops
