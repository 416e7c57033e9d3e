// SPDX-License-Identifier: Apache-2.0
// LimitNetwork: a network's convolutions alone, back to back, in the best layout and form that oneDNN offers for each
// here: what a picture can't be faster than by direct convolutions. Owns random weights and inputs.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "model/synthesis.h"

namespace atelier::bench {

class LimitNetwork {
public:
    // Times every way once per layer, so it takes as long as some pictures. dtype kFloat or kBFloat16.
    LimitNetwork(const model::GeneratorConfig& config, at::ScalarType dtype);

    void run() const;
    // The ways that were chosen, in the order of the layers: "channels-last" or "blocked"; going up also "transposed",
    // "sub-pixel" or "fourfold", the last two blocked or not.
    const std::vector<std::string>& ways() const { return ways_; }

private:
    std::vector<std::function<at::Tensor()>> layers_;
    std::vector<std::string> ways_;
};

} // namespace atelier::bench
