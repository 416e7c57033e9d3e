// SPDX-License-Identifier: Apache-2.0
// torch's element types as kernels name them. Internal to ops and its tests.
#pragma once

#include <optional>

#include <ATen/core/Tensor.h>

#include "ops/cuda/kernel_types.h"

namespace atelier::ops {

inline std::optional<kernels::Dtype> kernel_dtype(const at::Tensor& x) {
    switch (x.scalar_type()) {
    case at::kFloat: return kernels::Dtype::float32;
    case at::kHalf: return kernels::Dtype::float16;
    case at::kBFloat16: return kernels::Dtype::bfloat16;
    default: return std::nullopt;
    }
}

} // namespace atelier::ops
