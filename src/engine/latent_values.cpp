// SPDX-License-Identifier: Apache-2.0
#include "engine/latent_values.h"

#include <c10/core/InferenceMode.h>

#include "engine/latent_resolver.h"
#include "engine/weights.h"
#include "latent/latent_ops.h"
#include "latent/walk.h"

namespace atelier {
namespace {

ExplicitRef ref_of(Space space, const at::Tensor& rows) { // [layers, dim]
    const at::Tensor plain = rows.to(at::kFloat).cpu().contiguous();
    ExplicitLatent latent;
    latent.space = space;
    latent.layers = static_cast<int>(plain.size(0));
    latent.values.assign(plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel());
    return {std::make_shared<const ExplicitLatent>(std::move(latent))};
}

ExplicitRef z_of(const RenderParams& params, int z_dim) {
    LatentBlend blend = resolve_latent(params);
    std::erase_if(blend, [](const LatentTerm& term) { return term.weight == 0; });
    if (blend.size() != 1 || blend[0].weight != 1 || z_dim == 0) {
        return {};
    }
    if (blend[0].fixed) {
        return blend[0].fixed->space == Space::z ? blend[0].fixed : ExplicitRef{};
    }
    return ref_of(Space::z, z_of_term(blend[0], z_dim));
}

// The latent and its class alone.
RenderParams plain(RenderParams params) {
    params.psi = 1;
    params.layer_psi.clear();
    params.mix.clear();
    params.directions.clear();
    return params;
}

} // namespace

std::vector<ExplicitRef> latent_values(const LoadedModel& model, const std::vector<RenderParams>& params,
                                       LatentForm form) {
    const c10::InferenceMode inference;
    LatentResolver path(model.weights().near_mapping());
    std::vector<ExplicitRef> values;
    for (const RenderParams& each : params) {
        if (form == LatentForm::z) {
            values.push_back(z_of(each, model.info().z_dim));
            continue;
        }
        const at::Tensor ws = path.ws(form == LatentForm::w ? plain(each) : each)[0];
        const bool same = form == LatentForm::w && at::equal(ws, ws.slice(0, 0, 1).expand_as(ws));
        values.push_back(ref_of(Space::w, same ? ws.slice(0, 0, 1) : ws));
    }
    return values;
}

} // namespace atelier
