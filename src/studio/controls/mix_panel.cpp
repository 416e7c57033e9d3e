// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "studio/controls/controls.h"
#include "studio/controls/oscillators_panel.h"
#include "studio/controls/parameter_controls.h"
#include "studio/core/learn_menu.h"
#include "studio/state/lanes.h"
#include "studio/state/parameters.h"
#include "studio/toolkit/texts.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

struct GroupText {
    const char* name;
    const char* what;
    const char* sizes;
};
constexpr GroupText group_texts[mix_groups] = {
    {"Coarse", "pose, shape and build", "4 to 8 px"},
    {"Middle", "features and hair", "16 to 32 px"},
    {"Fine", "colour and texture", "64 px and up"},
};

ImTextureID picture_of(Controls& controls, std::uint32_t seed, const LatentBlend& source) {
    return source.empty() ? controls.context.thumbnails.get(seed) : controls.context.thumbnails.get(source);
}

// Size in px of the features that w layer i governs: a side, or both where they differ.
std::string layer_pixels(int layer, const ModelInfo& model) {
    const int smaller = model.resolution / std::min(model.resolution, 4 << ((layer + 1) / 2)); // by so much
    return model.width == model.height ? fmt::format("{}", model.width / smaller)
                                       : fmt::format("{} x {}", model.width / smaller, model.height / smaller);
}

void draw_group(Controls& controls, int index) {
    Ui& ui = Ui::current();
    Playback& playback = controls.context.playback;
    const std::string lane = mix_lane(index);
    MixGroup& set = controls.context.state.mix.groups[static_cast<std::size_t>(index)];
    const MixGroup group = playback.shown_scene(lane).mix.groups[static_cast<std::size_t>(index)];
    const GroupText& text = group_texts[index];
    const int num_ws = controls.context.playback.num_ws();
    const ModelInfo* model = playback.model();
    const bool there = num_ws == 0 || !layers_of_group(index, num_ws).empty();
    const std::string missing = fmt::format("This model of {}x{} has no layers of {}", model ? model->width : 0,
                                            model ? model->height : 0, text.sizes);
    const float side = 40;
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const std::string pick = !there ? missing
                             : group.source.empty()
                                 ? seed_tooltip(group.seed, "Click to choose the source by its picture")
                                 : "A starred latent or a moment. Click to choose another source";
    if (thumb("source", {.texture = picture_of(controls, group.seed, group.source),
                         .side = side,
                         .selected = group.on && there,
                         .enabled = there,
                         .tooltip = pick})) {
        controls.context.ui.pick_source(
            group.seed, group.source, [&controls, index](std::uint32_t seed, const LatentBlend& source) {
                controls.context.playback.touch(mix_lane(index));
                MixGroup& now = controls.context.state.mix.groups.at(static_cast<std::size_t>(index));
                now.seed = seed;
                now.source = source;
                now.on = true;
            });
    }
    learn_menu(controls.context, id_by_place(parameter("mix.*.seed"), index));
    ImGui::SetCursorScreenPos({from.x + ui.px(side + 12), from.y + ui.px((side - theme::control) / 2)});
    const std::string hint = there ? fmt::format("Take {} ({}) from the source", text.what, text.sizes) : missing;
    if (bool on = group.on; toggle("on", hint, on, there)) {
        playback.touch(lane);
        set.on = on;
    }
    learn_menu(controls.context, id_by_place(parameter("mix.*.on"), index));
    ImGui::SameLine(0, ui.px(10));
    if (parameter_slider(controls, "weight", {&parameter("mix.*.weight"), index},
                         {.label = text.name, .tooltip = hint, .enabled = there, .lit = group.on, .label_width = 56})) {
        set.on = true; // who moves it wants to see it
    }
    ImGui::SetCursorScreenPos(from);
    ImGui::Dummy({ui.px(side), ui.px(side)});
}

void draw_layer(Controls& controls, int layer) {
    Ui& ui = Ui::current();
    const std::string lane = mix_lane(group_of_layer(layer));
    const MixState& mix = controls.context.playback.shown_scene(lane).mix;
    const MixLayer& own = mix.layers[static_cast<std::size_t>(layer)];
    MixLayer& set = controls.context.state.mix.layers[static_cast<std::size_t>(layer)];
    const LayerMix now = mix_of_layer(mix, layer);
    const float side = theme::control;
    if (thumb("source",
              {.texture = picture_of(controls, now.seed, now.source),
               .side = side,
               .selected = own.own,
               .tooltip = now.source.empty() ? seed_tooltip(now.seed, "Click to give this layer a source of its own")
                                             : "A starred latent or a moment. Click to choose another source"})) {
        controls.context.ui.pick_source(
            now.seed, now.source, [&controls, layer](std::uint32_t seed, const LatentBlend& source) {
                controls.context.playback.touch(mix_lane(group_of_layer(layer)));
                MixState& mix_then = controls.context.state.mix; // undo may have changed it meanwhile
                MixLayer& layer_then = mix_then.layers.at(static_cast<std::size_t>(layer));
                const float weight = mix_of_layer(mix_then, layer).weight;
                layer_then = {true, seed, layer_then.own ? layer_then.weight : std::max(weight, 1.0f), source};
            });
    }
    learn_menu(controls.context, id_by_place(parameter("mix.layer.*.seed"), layer));
    ImGui::SameLine(0, ui.px(8));
    const bool is_own = own.own;
    if (button("own", {.icon = is_own ? Icon::follow : Icon::none,
                       .tooltip = is_own ? "Let this layer follow its group again" : "Follows its group",
                       .enabled = is_own,
                       .quiet = true})) {
        controls.context.playback.touch(lane);
        set.own = false;
    }
    learn_menu(controls.context, id_by_place(parameter("mix.layer.*.own"), layer));
    ImGui::SameLine(0, ui.px(2));
    const std::string name = fmt::format("{}  {} px", layer, layer_pixels(layer, *controls.context.playback.model()));
    float weight = now.weight;
    const std::string weight_id = id_by_place(parameter("mix.layer.*.weight"), layer);
    if (slider("weight",
               {.label = name.c_str(),
                .min = 0,
                .max = 1,
                .standard = 1,
                .step = 0.01,
                .tooltip = is_own ? "Weight of this layer's own source" : "Follows its group until it is moved",
                .lit = now.weight > 0,
                .label_width = 76,
                .mark = mark_of(controls.context.playback.mover(lane)),
                .menu = is_own ? oscillate_menu(controls, weight_id) : with_learn(controls.context, weight_id)},
               weight)) {
        const LayerMix from = now;
        controls.context.playback.touch(lane);
        set = {true, from.seed, weight, from.source};
    }
}

} // namespace

void draw_mix_panel(Controls& controls) {
    for (int i = 0; i < mix_groups; ++i) {
        ImGui::PushID(i);
        draw_group(controls, i);
        ImGui::PopID();
    }
    const int layers = std::min(controls.context.playback.num_ws(), max_layers);
    if (layers == 0)
        return;
    const char* title = "Per layer";
    bool open = controls.context.settings.is_open(title, false);
    const bool before = open;
    subsection(title, open, "A source and a weight for each single layer");
    if (open != before)
        controls.context.settings.folds[title] = open;
    if (!open)
        return;
    for (int i = 0; i < layers; ++i) {
        ImGui::PushID(100 + i);
        draw_layer(controls, i);
        ImGui::PopID();
    }
    const bool any_own = std::any_of(controls.context.state.mix.layers.begin(), controls.context.state.mix.layers.end(),
                                     [](const MixLayer& layer) { return layer.own; });
    if (any_own) {
        if (button("follow", {.icon = Icon::follow,
                              .text = "All follow",
                              .tooltip = "Let every layer follow its group again",
                              .quiet = true,
                              .colour = theme::secondary})) {
            for (int i = 0; i < mix_groups; ++i)
                controls.context.playback.touch(mix_lane(i));
            controls.context.state.mix.layers.fill({});
        }
    }
}

void draw_mix_sheet_button(Controls& controls) {
    if (button("##mix-sheet", {.icon = Icon::grid,
                               .text = "Mixing sheet",
                               .tooltip = "All sources mixed with each other, as one picture in a file",
                               .key = "Shift+M",
                               .enabled = controls.context.playback.model() != nullptr,
                               .quiet = true,
                               .colour = theme::secondary,
                               .width = beside_room}))
        controls.context.ui.dialog = Dialog::mix_sheet;
}

} // namespace atelier::studio
