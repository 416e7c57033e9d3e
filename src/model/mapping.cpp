// SPDX-License-Identifier: Apache-2.0
#include "model/mapping.h"

#include <fmt/format.h>

#include "base/error.h"

namespace atelier::model {

Mapping::Mapping(const Scope& scope, const MappingConfig& c) : config(c) {
    const int embed_features = c.c_dim == 0 ? 0 : c.embed_features > 0 ? c.embed_features : c.w_dim;
    const int hidden = c.layer_features > 0 ? c.layer_features : c.w_dim;
    if (c.c_dim > 0) {
        embed = FullyConnected(scope.sub("embed"), c.c_dim, embed_features, {});
    }
    int in = c.z_dim + embed_features;
    for (int i = 0; i < c.num_layers; ++i) {
        const int out = i + 1 == c.num_layers ? c.w_dim : hidden;
        layers.emplace_back(scope.sub(fmt::format("fc{}", i)), in, out,
                            FullyConnected::Options{c.activation, c.lr_multiplier, 0, true});
        in = out;
    }
    if (c.num_ws > 0 && c.w_avg_beta) {
        w_avg = scope.buffer("w_avg", {c.w_dim}, Init::constant(0));
    }
}

at::Tensor Mapping::forward(const at::Tensor& z, const at::Tensor& c) const {
    at::Tensor x;
    if (config.z_dim > 0) {
        if (!z.defined() || z.dim() != 2 || z.size(1) != config.z_dim) {
            fail("z has to be of shape [N,{}] for this model.", config.z_dim);
        }
        x = normalize_2nd_moment(z.to(at::kFloat));
    }
    if (config.c_dim > 0) {
        if (!c.defined() || c.dim() != 2 || c.size(1) != config.c_dim || (x.defined() && c.size(0) != x.size(0))) {
            fail("This model is conditional: c has to be of shape [N,{}].", config.c_dim);
        }
        const at::Tensor y = normalize_2nd_moment(embed.forward(c.to(at::kFloat)));
        x = x.defined() ? at::cat({x, y}, 1) : y;
    }
    for (const FullyConnected& layer : layers) {
        x = layer.forward(x);
    }
    return x;
}

Mapping copy_of(const Mapping& mapping, c10::Device device) {
    Mapping copy = mapping;
    const auto move = [&](at::Tensor& t) {
        if (t.defined()) {
            t = t.detach().to(device, t.scalar_type(), /*non_blocking=*/false, /*copy=*/true);
        }
    };
    move(copy.embed.weight);
    move(copy.embed.bias);
    for (FullyConnected& layer : copy.layers) {
        move(layer.weight);
        move(layer.bias);
    }
    move(copy.w_avg);
    return copy;
}

void Mapping::update_w_avg(const at::Tensor& w) {
    if (w_avg.defined()) {
        const at::Tensor mean = w.detach().mean(at::IntArrayRef{0});
        w_avg.copy_(mean.lerp(w_avg, *config.w_avg_beta));
    }
}

at::Tensor Mapping::truncate(const at::Tensor& w, double psi, int cutoff) const {
    at::Tensor ws = w.unsqueeze(1).repeat({1, config.num_ws, 1});
    if (psi == 1) {
        return ws;
    }
    if (!w_avg.defined()) {
        fail("The model has no w_avg, so it can't be truncated; use psi 1.");
    }
    if (cutoff < 0 || cutoff >= config.num_ws) {
        return w_avg.lerp(ws, psi);
    }
    ws.slice(1, 0, cutoff).copy_(w_avg.lerp(ws.slice(1, 0, cutoff), psi));
    return ws;
}

} // namespace atelier::model
