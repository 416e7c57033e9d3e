// SPDX-License-Identifier: Apache-2.0
// upfirdn2d on the CPU, as a differentiable function over its kernels. Internal to ops.
#pragma once

#include <optional>

#include <ATen/core/Tensor.h>

#include "ops/upfirdn2d.h"

namespace atelier::ops {

// What upfirdn2d(x, f, how) is, to any derivative; nothing where x isn't [N,C,H,W] on the CPU, float32 or bfloat16,
// where f is no product of two rows, or where both zeros are inserted and samples skipped. Channels last stays so.
std::optional<at::Tensor> fir_on_cpu(const at::Tensor& x, const at::Tensor& f, const Resample& how);

} // namespace atelier::ops
