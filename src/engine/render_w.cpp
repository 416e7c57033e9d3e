// SPDX-License-Identifier: Apache-2.0
#include "engine/render_w.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/error.h"
#include "latent/latent_ops.h"
#include "latent/walk.h"

namespace atelier {

std::size_t WPath::Hash::operator()(const Key& key) const {
    std::size_t h = std::hash<double>()(key.t);
    for (const std::uint64_t part : {std::uint64_t{key.a}, std::uint64_t{key.b}, std::uint64_t(key.class_index)}) {
        h = h * 0x9e3779b97f4a7c15ULL + part + (h >> 29);
    }
    return h;
}

at::Tensor WPath::w_of(const LatentTerm& term, int class_index) {
    const bool single = term.t == 0 || term.seed_a == term.seed_b;
    const Key key{term.seed_a, single ? term.seed_a : term.seed_b, single ? 0 : term.t, class_index};
    if (const auto found = cache_.find(key); found != cache_.end()) {
        recent_.splice(recent_.begin(), recent_, found->second);
        return found->second->second;
    }
    const model::MappingConfig& config = generator_.config.mapping;
    const auto device = generator_.mapping.layers.front().weight.device();
    at::Tensor z = config.z_dim > 0 ? z_of_term(term, config.z_dim).to(at::kFloat).to(device) : at::Tensor();
    at::Tensor c = class_condition(class_index, config.c_dim);
    if (c.defined()) {
        c = c.to(device);
    }
    recent_.emplace_front(key, generator_.mapping.forward(z, c));
    cache_[key] = recent_.begin();
    if (recent_.size() > 256) {
        cache_.erase(recent_.back().first);
        recent_.pop_back();
    }
    return recent_.front().second;
}

at::Tensor WPath::w_of_blend(const LatentBlend& blend, int class_index) {
    if (blend.empty()) {
        fail("There is nothing to show: the blend of seeds is empty.");
    }
    if (blend.size() == 1) {
        return w_of(blend.front(), class_index);
    }
    at::Tensor w;
    for (const LatentTerm& term : blend) {
        const at::Tensor part = w_of(term, class_index) * term.weight;
        w = w.defined() ? w + part : part;
    }
    return w;
}

at::Tensor WPath::ws(const RenderParams& params) {
    if (!std::isfinite(params.psi) || !std::isfinite(params.position)) {
        fail("psi and position have to be numbers.");
    }
    const model::Mapping& mapping = generator_.mapping;
    const auto truncated = [&](const at::Tensor& w) { return mapping.truncate(w, params.psi, params.cutoff); };
    at::Tensor ws = truncated(w_of_blend(resolve_latent(params), params.class_index));
    std::unordered_map<std::uint32_t, at::Tensor> sources;
    const auto layers = std::min<std::size_t>(params.mix.size(), static_cast<std::size_t>(mapping.config.num_ws));
    for (std::size_t i = 0; i < layers; ++i) {
        const LayerMix& mix = params.mix[i];
        if (mix.weight == 0) {
            continue;
        }
        at::Tensor& source = sources[mix.seed];
        if (!source.defined()) {
            source = truncated(w_of({mix.seed, mix.seed, 0, 1}, params.class_index));
        }
        const auto layer = static_cast<std::int64_t>(i);
        ws.select(1, layer).copy_(ws.select(1, layer).lerp(source.select(1, layer), mix.weight));
    }
    return ws;
}

} // namespace atelier
