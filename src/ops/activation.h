// SPDX-License-Identifier: Apache-2.0
// The activations of bias_act, as a plain value for code with and without torch.
#pragma once

namespace atelier::ops {

enum class Activation { linear, relu, lrelu, tanh, sigmoid, elu, selu, softplus, swish };

// False where the second derivative is zero wherever it exists.
constexpr bool has_curvature(Activation act) {
    return act != Activation::linear && act != Activation::relu && act != Activation::lrelu;
}

} // namespace atelier::ops
