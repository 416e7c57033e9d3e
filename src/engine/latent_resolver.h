// SPDX-License-Identifier: Apache-2.0
// RenderParams -> ws: mapped seeds (cached), blending, truncation and per-layer mixing. Internal to engine (torch).
#pragma once

#include <list>
#include <unordered_map>

#include <ATen/core/Tensor.h>

#include "base/render_params.h"
#include "model/synthesis.h"

namespace atelier {

class LatentResolver {
public:
    explicit LatentResolver(const model::Generator& generator) : LatentResolver(generator.mapping) {}
    explicit LatentResolver(const model::Mapping& mapping) : mapping_(mapping) {}

    // ws [1,num_ws,w_dim] float32 on the mapping network's device.
    at::Tensor ws(const RenderParams& params);

    std::size_t cached() const { return cache_.size(); }

private:
    struct Key {
        std::uint32_t a = 0, b = 0;
        double t = 0;
        int class_index = 0;
        ExplicitRef label, fixed;
        bool operator==(const Key&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const;
    };
    using Entry = std::pair<Key, at::Tensor>;

    // w [1,w_dim] of one term, or [1,num_ws,w_dim] of a fixed w+; the last 256 are kept, so that slider moves don't run
    // the mapping network.
    at::Tensor w_of(const LatentTerm& term, const PictureSettings& picture);
    at::Tensor w_of_blend(const LatentBlend& blend, const PictureSettings& picture);
    at::Tensor explicit_w(const ExplicitLatent& latent, const Key& of);
    at::Tensor mapped(const at::Tensor& z, const Key& of);
    at::Tensor truncated(const at::Tensor& w, const RenderParams& params);
    void add_directions(at::Tensor& ws, const std::vector<DirectionShift>& directions);
    c10::Device device() const;

    const model::Mapping& mapping_;
    std::list<Entry> recent_; // newest first
    std::unordered_map<Key, std::list<Entry>::iterator, Hash> cache_;
};

} // namespace atelier
