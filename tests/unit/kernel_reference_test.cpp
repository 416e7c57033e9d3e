// SPDX-License-Identifier: Apache-2.0
// The emulated bias_act kernels against the reference numbers, first and second gradients included.
#include "kernel_bias_act.h"
#include "reference/bias_act_cases.h"

namespace {

using namespace atelier;

TEST(KernelReference, BiasAct) {
    test::check_bias_act_cases("ops/bias_act by emulated kernels", test::emulated_bias_act);
}

} // namespace
