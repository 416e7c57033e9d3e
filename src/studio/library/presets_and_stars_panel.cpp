// SPDX-License-Identifier: Apache-2.0
// What is kept: nine presets to come back to, and starred latents.
#include <algorithm>

#include <fmt/format.h>

#include "studio/core/learn_menu.h"
#include "studio/core/parameter_slider.h"
#include "studio/library/library.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace {

RenderSettings settings_of_preset(const Library& library, const Preset& preset) {
    StudioState state;
    static_cast<Scene&>(state) = preset.scene;
    Animator animated;
    animated.reset(state);
    animated.set_position(preset.position);
    return make_render_settings(state, animated.values(), library.context.playback.num_ws());
}

bool menu_item(const char* id, Icon icon, const char* text, const char* tooltip) {
    const bool clicked =
        button(id, {.icon = icon, .text = text, .tooltip = tooltip, .quiet = true, .left = true, .width = 220});
    if (clicked)
        ImGui::CloseCurrentPopup();
    return clicked;
}

bool begin_menu(const char* id) {
    Ui& ui = Ui::current();
    if (item_menu_wanted())
        open_menu(id);
    ImGui::SetNextWindowSize({ui.px(236), 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(8), ui.px(8)});
    const bool open = ImGui::BeginPopup(id);
    ImGui::PopStyleVar();
    return open;
}

void draw_preset(Library& library, std::size_t slot, float side) {
    Ui& ui = Ui::current();
    Preset& preset = library.context.state.presets[slot];
    const int place = static_cast<int>(slot);
    ImGui::PushID(place);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const std::string tooltip =
        preset.used
            ? fmt::format("{}. Click or {} recalls it, Shift+{} saves what is shown over it, right click for more",
                          preset.name.empty() ? fmt::format("Preset {}", slot + 1) : preset.name, slot + 1, slot + 1)
            : fmt::format("Empty. Click or Shift+{} saves what is shown", slot + 1);
    if (thumb("##preset", {.texture = preset.used ? library.context.thumbnails.get(settings_of_preset(library, preset))
                                                  : ImTextureID{},
                           .side = side,
                           .tooltip = tooltip})) {
        if (preset.used)
            library.context.commands.pull(Trigger::recall_preset, place);
        else
            library.presets.save(slot);
    }
    if (begin_menu("preset")) {
        if (preset.used)
            text_row("name", {.label = "Name", .tooltip = "What this preset is called", .label_width = 56},
                     preset.name);
        if (preset.used &&
            menu_item("over", Icon::camera, "Save what is shown here", "It takes the place of what was kept"))
            library.presets.save(slot);
        learn_entry(library.context, id_by_place(parameter("transport.preset.*"), place), "recall");
        learn_entry(library.context, id_by_place(parameter("transport.save_preset.*"), place), "save");
        if (preset.used && menu_item("clear", Icon::bin, "Clear", "Ctrl+Z brings it back"))
            library.presets.clear(slot);
        ImGui::EndPopup();
    }
    if (!preset.used) {
        const std::string number = std::to_string(slot + 1);
        const ImVec2 size = measure(Face::small, number);
        draw_text(*ImGui::GetWindowDrawList(), Face::small,
                  {from.x + (ui.px(side) - size.x) / 2, from.y + (ui.px(side) - size.y) / 2}, theme::secondary, number);
    }
    ImGui::PopID();
}

void use_as_source(Library& library, int group, const Star& star) {
    MixGroup& mix = library.context.state.mix.groups[static_cast<std::size_t>(group)];
    mix.source = star.latent;
    mix.on = true;
}

// Its index when it is to go, else -1.
int draw_star(Library& library, int index, float side) {
    Star& star = library.context.state.stars[static_cast<std::size_t>(index)];
    const Star now = star; // what is done below may change the list
    int gone = -1;
    ImGui::PushID(static_cast<int>(star.id));
    const float px = Ui::current().px(side);
    const bool seen = ImGui::IsRectVisible({px, px}); // a file may have brought hundreds
    if (thumb("##star", {.texture = seen ? library.context.thumbnails.get(star.latent) : ImTextureID{},
                         .side = side,
                         .tooltip = (star.name.empty() ? "A latent" : star.name) +
                                    ". Click to glide there, Shift+click adds a moment, right click for more"})) {
        if (ImGui::GetIO().KeyShift) {
            library.timeline.add(now.latent);
        } else {
            library.context.playback.go_to_latent(now.latent);
        }
    }
    if (begin_menu("star")) {
        text_row("name", {.label = "Name", .tooltip = "What this latent is called", .label_width = 56}, star.name);
        if (menu_item("moment", Icon::plus, "Add as a moment", "At the end of the timeline"))
            library.timeline.add(now.latent);
        constexpr const char* groups[] = {"Coarse layers from it", "Middle layers from it", "Fine layers from it"};
        for (int group = 0; group < mix_groups; ++group) {
            ImGui::PushID(group);
            if (menu_item("source", Icon::mix, groups[group], "Mix this latent in"))
                use_as_source(library, group, now);
            ImGui::PopID();
        }
        if (menu_item("remove", Icon::bin, "Remove", "Ctrl+Z brings it back"))
            gone = index;
        ImGui::EndPopup();
    }
    ImGui::PopID();
    return gone;
}

} // namespace

namespace {

void draw_morph(Library& library) {
    StudioState& state = library.context.state;
    const std::string text = beats_text(state.morph_seconds);
    SliderSpec spec = slider_of(parameter("performance.morph"),
                                {.value_width = 62, .menu = with_learn(library.context, "performance.morph")});
    spec.text = state.morph_in_beats ? text.c_str() : nullptr;
    const auto morph = [&] { slider("morph", spec, state.morph_seconds); };
    if (!with_beats_button(library.context, "##morph-beats", "performance.morph_beats", state.morph_in_beats, morph))
        return;
    const double a_beat = seconds_of_beats(state, 1);
    state.morph_in_beats = !state.morph_in_beats;
    set_value(state, {&parameter("performance.morph")},
              state.morph_in_beats ? std::round(state.morph_seconds / a_beat) : state.morph_seconds * a_beat);
}

} // namespace

void draw_presets_panel(Library& library) {
    Ui& ui = Ui::current();
    const float gap_between = ui.px(5);
    const float width = ImGui::GetContentRegionAvail().x;
    const float side = std::floor((width - gap_between * (preset_slots - 1)) / preset_slots);
    for (std::size_t i = 0; i < preset_slots; ++i) {
        if (i > 0)
            ImGui::SameLine(0, gap_between);
        draw_preset(library, i, side / ui.scale());
    }
    draw_morph(library);
}

void draw_preset_seeds_button(Library& library) {
    switch_button(library.context, "##preset-seeds", "performance.preset_seeds",
                  {.quiet = true, .colour = theme::secondary, .width = beside_room});
}

void draw_stars_panel(Library& library) {
    Ui& ui = Ui::current();
    constexpr int in_row = 6;
    const float space = ui.px(6);
    const float side = std::floor((ImGui::GetContentRegionAvail().x - space * (in_row - 1)) / in_row);
    int gone = -1;
    const int count = static_cast<int>(library.context.state.stars.size());
    for (int i = 0; i < count; ++i) {
        if (i % in_row != 0)
            ImGui::SameLine(0, space);
        gone = std::max(gone, draw_star(library, i, side / ui.scale()));
    }
    if (gone >= 0)
        library.context.state.stars.erase(library.context.state.stars.begin() + gone);
    trigger_button(library.context, "##star-now", "transport.star",
                   {.icon = Icon::star, .text = "Star this", .tooltip = "Keep the latent that is shown"});
    ImGui::SameLine(0, ui.px(8));
    if (button("##map", {.icon = Icon::grid,
                         .text = "Seed map",
                         .tooltip = "Pictures around the place that is shown",
                         .key = "M",
                         .active = library.context.ui.centre_view == CentreView::map}))
        library.context.commands.toggle_map();
    if (button("##save-latents", {.icon = Icon::save,
                                  .text = "Save latents...",
                                  .tooltip = "What is shown, all stars or the moments, as numbers in a file",
                                  .key = "Shift+S",
                                  .enabled = library.context.playback.model() != nullptr}))
        library.context.ui.dialog = Dialog::save_latents;
}

} // namespace atelier::studio
