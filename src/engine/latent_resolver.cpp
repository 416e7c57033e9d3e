// SPDX-License-Identifier: Apache-2.0
#include "engine/latent_resolver.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/error.h"
#include "latent/latent_ops.h"
#include "latent/walk.h"

namespace atelier {

std::size_t LatentResolver::Hash::operator()(const Key& key) const {
    std::size_t h = std::hash<double>()(key.t);
    for (const std::uint64_t part : {std::uint64_t{key.a}, std::uint64_t{key.b}, std::uint64_t(key.class_index),
                                     std::uint64_t{key.label ? key.label->values.size() : 0},
                                     std::uint64_t{key.fixed ? key.fixed->values.size() : 0}}) {
        h = h * 0x9e3779b97f4a7c15ULL + part + (h >> 29);
    }
    return h;
}

c10::Device LatentResolver::device() const {
    return mapping_.layers.front().weight.device();
}

at::Tensor LatentResolver::mapped(const at::Tensor& z, const Key& of) {
    at::Tensor c = class_condition(of.class_index, of.label, mapping_.config.c_dim);
    if (c.defined()) {
        c = c.to(device());
    }
    return mapping_.forward(z.defined() ? z.to(at::kFloat).to(device()) : z, c);
}

at::Tensor LatentResolver::explicit_w(const ExplicitLatent& latent, const Key& of) {
    const model::MappingConfig& config = mapping_.config;
    const bool in_z = latent.space == Space::z;
    const int dim = in_z ? config.z_dim : config.w_dim;
    const int rows = in_z || latent.layers == 1 ? 1 : config.num_ws;
    if (latent.layers != rows ||
        latent.values.size() != static_cast<std::size_t>(rows) * static_cast<std::size_t>(dim)) {
        fail("A latent from a file doesn't fit this model: it has {} rows and {} numbers, the model takes {} rows of "
             "{}.",
             latent.layers, latent.values.size(), rows, dim);
    }
    const at::Tensor values = at::tensor(latent.values, at::kFloat).view({rows, dim});
    if (in_z) {
        return mapped(values, of);
    }
    return (rows == 1 ? values : values.unsqueeze(0)).to(device());
}

at::Tensor LatentResolver::w_of(const LatentTerm& term, const PictureSettings& picture) {
    const bool single = term.t == 0 || term.seed_a == term.seed_b;
    const bool own_class = term.class_index >= 0 || term.label;
    Key key{term.seed_a,
            single ? term.seed_a : term.seed_b,
            single ? 0 : term.t,
            own_class ? std::max(term.class_index, 0) : picture.class_index,
            own_class ? term.label : picture.label,
            term.fixed};
    if (term.fixed) {
        key.a = key.b = 0;
        key.t = 0;
    }
    if (const auto found = cache_.find(key); found != cache_.end()) {
        recent_.splice(recent_.begin(), recent_, found->second);
        return found->second->second;
    }
    const int z_dim = mapping_.config.z_dim;
    const at::Tensor w = term.fixed ? explicit_w(*term.fixed.latent, key)
                                    : mapped(z_dim > 0 ? z_of_term(term, z_dim) : at::Tensor(), key);
    recent_.emplace_front(key, w);
    cache_[key] = recent_.begin();
    if (recent_.size() > 256) {
        cache_.erase(recent_.back().first);
        recent_.pop_back();
    }
    return recent_.front().second;
}

at::Tensor LatentResolver::w_of_blend(const LatentBlend& blend, const PictureSettings& picture) {
    if (blend.empty()) {
        fail("There is nothing to show: the blend of seeds is empty.");
    }
    if (blend.size() == 1) {
        return w_of(blend.front(), picture);
    }
    at::Tensor w;
    for (const LatentTerm& term : blend) {
        const at::Tensor part = w_of(term, picture) * term.weight;
        if (!w.defined() || w.dim() == part.dim()) {
            w = w.defined() ? w + part : part;
        } else { // one of the two is a w+
            w = (w.dim() == 2 ? w.unsqueeze(1) : w) + (part.dim() == 2 ? part.unsqueeze(1) : part);
        }
    }
    return w;
}

at::Tensor LatentResolver::truncated(const at::Tensor& w, const RenderParams& params) {
    const model::Mapping& mapping = mapping_;
    if (params.layer_psi.empty() && w.dim() == 2) {
        return mapping.truncate(w, params.psi, params.cutoff);
    }
    const int layers = mapping.config.num_ws;
    std::vector<float> psi(params.layer_psi.begin(), params.layer_psi.end());
    if (psi.empty()) {
        const int end = params.cutoff < 0 ? layers : std::min(params.cutoff, layers);
        psi.assign(static_cast<std::size_t>(end), static_cast<float>(params.psi));
    }
    psi.resize(static_cast<std::size_t>(layers), 1.0F);
    const at::Tensor ws = w.dim() == 2 ? w.unsqueeze(1).repeat({1, layers, 1}) : w.clone();
    if (std::all_of(psi.begin(), psi.end(), [](float p) { return p == 1; })) {
        return ws;
    }
    if (!mapping.w_avg.defined()) {
        fail("The model has no w_avg, so it can't be truncated; use psi 1.");
    }
    return mapping.w_avg.lerp(ws, at::tensor(psi, at::kFloat).view({1, layers, 1}).to(ws.device()));
}

void LatentResolver::add_directions(at::Tensor& ws, const std::vector<DirectionShift>& directions) {
    const auto w_dim = static_cast<std::size_t>(mapping_.config.w_dim);
    for (const DirectionShift& shift : directions) {
        const std::int64_t first = std::clamp<std::int64_t>(shift.first, 0, ws.size(1));
        const std::int64_t last = std::clamp<std::int64_t>(shift.last, first, ws.size(1));
        if (shift.amount == 0 || first == last || !shift.vector) {
            continue;
        }
        if (shift.vector->values.size() != w_dim) {
            fail("A direction of {} numbers doesn't fit this model, whose w has {}.", shift.vector->values.size(),
                 w_dim);
        }
        const at::Tensor step = at::tensor(shift.vector->values, at::kFloat).to(ws.device()) * shift.amount;
        ws.slice(1, first, last).add_(step);
    }
}

at::Tensor LatentResolver::ws(const RenderParams& params) {
    const bool numbers =
        std::all_of(params.layer_psi.begin(), params.layer_psi.end(), [](float p) { return std::isfinite(p); });
    if (!std::isfinite(params.psi) || !std::isfinite(params.position) || !numbers) {
        fail("psi and position have to be numbers.");
    }
    at::Tensor ws = truncated(w_of_blend(resolve_latent(params), params), params);
    std::vector<std::pair<const LayerMix*, at::Tensor>> sources;
    const auto layers = std::min<std::size_t>(params.mix.size(), static_cast<std::size_t>(ws.size(1)));
    for (std::size_t i = 0; i < layers; ++i) {
        const LayerMix& mix = params.mix[i];
        if (mix.weight == 0) {
            continue;
        }
        auto source = std::find_if(sources.begin(), sources.end(), [&mix](const auto& known) {
            return known.first->seed == mix.seed && known.first->source == mix.source;
        });
        if (source == sources.end()) {
            const LatentBlend blend =
                mix.source.empty() ? LatentBlend{{.seed_a = mix.seed, .seed_b = mix.seed}} : mix.source;
            sources.emplace_back(&mix, truncated(w_of_blend(blend, params), params));
            source = std::prev(sources.end());
        }
        const auto layer = static_cast<std::int64_t>(i);
        ws.select(1, layer).copy_(ws.select(1, layer).lerp(source->second.select(1, layer), mix.weight));
    }
    add_directions(ws, params.directions);
    return ws;
}

} // namespace atelier
