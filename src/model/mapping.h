// SPDX-License-Identifier: Apache-2.0
// The mapping network z, c -> w (StyleGAN, 1812.04948, section 2), with truncation.
#pragma once

#include <optional>
#include <vector>

#include "model/layers.h"

namespace atelier::model {

struct Mapping {
    MappingConfig config;
    FullyConnected embed; // c_dim -> embed features; unused when c_dim is 0
    std::vector<FullyConnected> layers;
    at::Tensor w_avg; // [w_dim]; undefined without w_avg_beta

    Mapping() = default;
    Mapping(const Scope& scope, const MappingConfig& config);

    // z [N,z_dim] of any float dtype (undefined if z_dim is 0), c [N,c_dim] or undefined -> w [N,w_dim] float32.
    // Throws Error if the shapes don't fit.
    at::Tensor forward(const at::Tensor& z, const at::Tensor& c) const;

    // w_avg <- beta w_avg + (1 - beta) mean(w), in place, as one training-mode mapping call does.
    void update_w_avg(const at::Tensor& w);

    // w [N,w_dim] -> ws [N,num_ws,w_dim]; layers below `cutoff` (negative: all) become lerp(w_avg, w, psi).
    at::Tensor truncate(const at::Tensor& w, double psi, int cutoff) const;
};

// The same numbers on a device.
Mapping copy_of(const Mapping& mapping, c10::Device device);

} // namespace atelier::model
