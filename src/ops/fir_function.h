// SPDX-License-Identifier: Apache-2.0
// upfirdn2d on channels-last memory of the CPU, as a differentiable function over its kernel. Internal to ops.
#pragma once

#include <optional>

#include <ATen/core/Tensor.h>

#include "ops/upfirdn2d.h"

namespace atelier::ops {

// What upfirdn2d(x, f, how) is, to any derivative; nothing where x isn't [N,C,H,W] on the CPU, channels last with at
// least 8 channels, float32 or bfloat16, or where f is no product of two rows.
std::optional<at::Tensor> fir_channels_last(const at::Tensor& x, const at::Tensor& f, const Resample& how);

} // namespace atelier::ops
