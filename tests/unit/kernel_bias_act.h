// SPDX-License-Identifier: Apache-2.0
// bias_act through its emulated kernels; defined in kernel_bias_act_test.cpp.
#pragma once

#include "ops/bias_act.h"

namespace atelier::test {

// Like ops::bias_act, for CPU tensors that ops::kernel_takes; throws std::runtime_error if a launch fails.
at::Tensor emulated_bias_act(const at::Tensor& x, const at::Tensor& b, const ops::BiasAct& how, std::int64_t dim = 1);

} // namespace atelier::test
