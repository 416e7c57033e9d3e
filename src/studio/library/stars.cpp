// SPDX-License-Identifier: Apache-2.0
#include "studio/library/stars.h"

#include <optional>

#include <fmt/format.h>

#include "latent/walk.h"
#include "studio/core/context.h"

namespace atelier::studio {

void Stars::add(const LatentBlend& latent, const std::string& name) {
    StudioState& state = context_.state;
    const ModelInfo* model = context_.playback.model();
    const bool classes = model != nullptr && model->c_dim > 0; // a star keeps the class it was seen in
    state.stars.push_back({state.next_id++, name,
                           classes ? of_class(latent, context_.playback.render_settings_now()) : latent,
                           state.walk.class_index});
    context_.settings.folds["STARRED"] = true;
    context_.toasts.add(ToastKind::good, name + " is starred");
}

void Stars::add_shown() {
    const Playback& playback = context_.playback;
    const std::optional<std::uint32_t> seed = context_.state.timeline.on ? std::nullopt : playback.seed_now();
    const LatentBlend latent = playback.render_settings_now().latent;
    const bool exact = seed && latent.size() == 1 && latent[0].seed_a == *seed && latent[0].t == 0;
    add(latent, exact ? fmt::format("Seed {}", *seed) : fmt::format("Latent {}", context_.state.next_id));
}

} // namespace atelier::studio
