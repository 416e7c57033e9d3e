// SPDX-License-Identifier: Apache-2.0
#include "train/adam.h"

#include <cmath>

#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

namespace atelier::train {

AdamOptions lazy_options(const AdamOptions& options, std::optional<int> interval) {
    if (!interval) {
        return options;
    }
    const double ratio = *interval / (*interval + 1.0);
    AdamOptions result = options;
    result.lr *= ratio;
    result.beta1 = std::pow(options.beta1, ratio);
    result.beta2 = std::pow(options.beta2, ratio);
    return result;
}

Adam::Adam(std::vector<at::Tensor> parameters, const AdamOptions& options)
    : parameters_(std::move(parameters)), options_(options) {
    for (const at::Tensor& parameter : parameters_) {
        first.push_back(at::zeros_like(parameter));
        second.push_back(at::zeros_like(parameter));
        steps.push_back(at::zeros({}, parameter.options().requires_grad(false)));
    }
}

void Adam::step() {
    const at::NoGradGuard no_grad;
    std::vector<at::Tensor> parameters, gradients, m, v, counts;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        at::Tensor gradient = parameters_[i].grad();
        if (!gradient.defined()) {
            continue;
        }
        gradient.nan_to_num_(0, 1e5, -1e5);
        parameters.push_back(parameters_[i]);
        gradients.push_back(gradient);
        m.push_back(first[i]);
        v.push_back(second[i]);
        counts.push_back(steps[i]);
    }
    if (parameters.empty()) {
        return;
    }
    for (at::Tensor& count : counts) {
        count += 1;
    }
    at::_fused_adam_(parameters, gradients, m, v, {}, counts, options_.lr, options_.beta1, options_.beta2, 0.0,
                     options_.eps, false, false);
}

void Adam::clear_gradients() {
    for (at::Tensor& parameter : parameters_) {
        parameter.mutable_grad().reset();
    }
}

void Adam::require_gradients(bool on) {
    for (at::Tensor& parameter : parameters_) {
        parameter.requires_grad_(on);
    }
}

} // namespace atelier::train
