// SPDX-License-Identifier: Apache-2.0
// Adam (1412.6980) over a fixed list of tensors, with the correction for lazy regularisation (1912.04958, app. B).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>

namespace atelier::train {

struct AdamOptions {
    double lr = 0.0025;
    double beta1 = 0, beta2 = 0.99;
    double eps = 1e-8;
    bool operator==(const AdamOptions&) const = default;
};

// For a phase that runs in every step beside one that runs every `interval` steps: r = interval / (interval + 1),
// lr r, beta1^r, beta2^r. No interval: unchanged.
AdamOptions lazy_options(const AdamOptions& options, std::optional<int> interval);

class Adam {
public:
    Adam(std::vector<at::Tensor> parameters, const AdamOptions& options);
    // Cleans the gradients (NaN to 0, +-infinity to +-1e5), then steps every parameter that has one.
    void step();
    void clear_gradients();
    void require_gradients(bool on);

    const AdamOptions& options() const { return options_; }
    // For checkpoints, in the parameters' order: first and second moments, steps taken ([1] float32 each).
    std::vector<at::Tensor> first, second, steps;
    const std::vector<at::Tensor>& parameters() const { return parameters_; }

private:
    std::vector<at::Tensor> parameters_;
    AdamOptions options_;
};

} // namespace atelier::train
