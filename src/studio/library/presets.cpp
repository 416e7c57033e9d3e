// SPDX-License-Identifier: Apache-2.0
#include "studio/library/presets.h"

#include <fmt/format.h>

#include "studio/core/context.h"

namespace atelier::studio {

void Presets::save(std::size_t slot) {
    Preset& preset = context_.state.presets.at(slot);
    const Preset before = preset;
    preset.used = true;
    preset.name = preset.name.empty() ? fmt::format("Preset {}", slot + 1) : preset.name;
    preset.scene = static_cast<const Scene&>(context_.state);
    preset.position = context_.playback.animator().values().position;
    if (!before.used) {
        context_.toasts.add(ToastKind::good, fmt::format("{} is saved", preset.name),
                            fmt::format("{} recalls it.", slot + 1));
        return;
    }
    context_.toasts.add(ToastKind::good, fmt::format("{} is saved over what it held", preset.name), {},
                        {"Put it back", "The preset as it was before",
                         [this, slot, before] { context_.state.presets.at(slot) = before; }});
}

void Presets::recall(std::size_t slot) {
    recall(slot, morph_length(context_.state));
}

void Presets::recall(std::size_t slot, double seconds) {
    const Preset& preset = context_.state.presets.at(slot);
    if (!preset.used) {
        context_.toasts.add(ToastKind::note, fmt::format("Preset {} is empty", slot + 1),
                            fmt::format("Shift+{} saves what is shown.", slot + 1));
        return;
    }
    StudioState after = context_.state;
    static_cast<Scene&>(after) = preset.scene;
    if (!after.preset_seeds) {
        after.walk.seeds = context_.state.walk.seeds;
        after.walk.latents = context_.state.walk.latents;
    }
    after.timeline.on = after.timeline.playing = false;
    after.timeline.touched.clear();
    context_.playback.morph_to(std::move(after), preset.position, seconds);
}

void Presets::clear(std::size_t slot) {
    context_.state.presets.at(slot) = {};
}

} // namespace atelier::studio
