// SPDX-License-Identifier: Apache-2.0
// Bias, activation, gain and clamp in one step: the tail of every layer.
#pragma once

#include <optional>
#include <string>

#include <ATen/core/Tensor.h>

#include "ops/activation.h"

namespace atelier::ops {

// Throws Error for an unknown name.
Activation activation_from_name(const std::string& name);
const char* activation_name(Activation act);
// sqrt(2) for relu, lrelu and swish, otherwise 1.
double default_gain(Activation act);

struct BiasAct {
    Activation act = Activation::linear;
    std::optional<double> alpha; // slope of lrelu below zero; default 0.2
    std::optional<double> gain;  // default_gain(act)
    std::optional<double> clamp; // to +-clamp, after the gain; at exactly +-clamp the gradient passes
};

// x of any shape with its channels in dimension `dim`; b [channels] or undefined. clamp(act(x + b) * gain).
// Differentiable twice.
at::Tensor bias_act(const at::Tensor& x, const at::Tensor& b, const BiasAct& how, std::int64_t dim = 1);

} // namespace atelier::ops
