// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>

#include <imgui.h>
#include <imgui_internal.h>

#include "latent/label_text.h"
#include "latent/walk.h"
#include "studio/controls/controls.h"
#include "studio/controls/parameter_controls.h"
#include "studio/controls/picture_origin.h"
#include "studio/core/learn_menu.h"
#include "studio/toolkit/form_rows.h"
#include "studio/toolkit/texts.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

// Where one stands among the seeds of the wander map: they are the dots.
void draw_map(ImVec2 from, float side, const Explore& explore) {
    Ui& ui = Ui::current();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float alpha = ImGui::GetStyle().Alpha;
    const ImVec2 middle{from.x + side / 2, from.y + side / 2};
    const float step = side / 3;
    const auto shift = [step](double at) { return static_cast<float>(at - std::round(at)) * step; };
    list.PushClipRect(from, {from.x + side, from.y + side}, true);
    for (int y = -2; y <= 2; ++y) {
        for (int x = -2; x <= 2; ++x) {
            list.AddCircleFilled({middle.x + static_cast<float>(x) * step - shift(explore.x),
                                  middle.y + static_cast<float>(y) * step - shift(explore.y)},
                                 ui.px(2), theme::faded(theme::disabled, alpha));
        }
    }
    list.AddCircleFilled(middle, ui.px(4), theme::faded(theme::accent, alpha));
    list.PopClipRect();
}

// What is seen now: its seed's picture, its name, and what can be done with it.
void draw_now(Controls& controls) {
    Ui& ui = Ui::current();
    const float side = 64;
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const auto seed = controls.context.playback.seed_now();
    const LatentOverrideState& latent_override = controls.context.state.latent_override;
    const auto [title, detail] = picture_origin(controls.context.state, controls.context.playback.params(),
                                                controls.context.playback.animator().values().timeline_seconds);
    if (thumb("now", {.texture = seed ? controls.context.thumbnails.get(*seed) : ImTextureID{},
                      .side = side,
                      .tooltip = seed ? seed_tooltip(*seed, "Click to choose another one by its picture")
                                      : std::string("Click to choose a seed by its picture")}))
        controls.context.ui.pick_seed(
            seed.value_or(0), [&controls](std::uint32_t picked) { controls.context.playback.go_to_seed(picked); },
            [&controls](std::uint32_t picked) { controls.walk.add_seed(picked, false); });
    if (latent_override.kind == LatentOverride::explore) {
        draw_map({from.x, from.y}, ui.px(side), latent_override.explore);
    }
    const float x = from.x + ui.px(side + 12);
    ImGui::SetCursorScreenPos({x, from.y});
    const bool playing = controls.context.state.walk.playing && latent_override.kind == LatentOverride::none;
    trigger_button(controls.context, "play", "transport.play",
                   {.icon = playing ? Icon::pause : Icon::play,
                    .text = playing ? "Pause" : "Play",
                    .tooltip = playing                                        ? "Pause the walk"
                               : latent_override.kind != LatentOverride::none ? "Back to the walk, and play"
                                                                              : "Play the walk",
                    .active = playing,
                    .width = 104});
    ImGui::SameLine(0, ui.px(6));
    trigger_button(controls.context, "new", "transport.next_seed", {.icon = Icon::dice, .tooltip = "New random seed"});
    ImGui::SameLine(0, ui.px(6));
    if (button("keep", {.icon = Icon::plus,
                        .tooltip = seed ? "Keep this seed: add it to the loop's seeds"
                                        : "Keep this place: add it to the loop among its seeds",
                        .enabled = controls.context.playback.model() != nullptr})) {
        if (seed) {
            controls.walk.add_seed(*seed);
        } else {
            controls.walk.add_latent(controls.context.playback.render_settings_now().latent);
        }
    }
    if (latent_override.kind != LatentOverride::none) {
        ImGui::SameLine(0, ui.px(6));
        if (button("back", {.icon = Icon::back, .tooltip = "Back to the walk, without playing"}))
            controls.walk.return_to_walk();
    }
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float width = ImGui::GetContentRegionMax().x + ImGui::GetWindowPos().x - x;
    draw_text(list, Face::body, {x, from.y + ui.px(32)}, theme::text, title, width);
    draw_text(list, Face::small, {x, from.y + ui.px(49)}, theme::secondary, detail, width);
    ImGui::SetCursorScreenPos(from);
    ImGui::Dummy({ui.px(side), ui.px(side + 3)});
}

struct StripPlace {
    float side;
    float gap;
    int in_row;
};

StripPlace strip_place() {
    Ui& ui = Ui::current();
    constexpr int in_row = 6;
    const float gap = ui.px(6);
    return {std::floor((ImGui::GetContentRegionAvail().x - gap * (in_row - 1)) / in_row), gap, in_row};
}

void next_in_strip(const StripPlace& place, int index) {
    if (index % place.in_row != 0)
        ImGui::SameLine(0, place.gap);
}

void draw_seed_strip(Controls& controls) {
    Ui& ui = Ui::current();
    const StripPlace place = strip_place();
    const auto count = static_cast<int>(controls.context.state.walk.seeds.size());
    const double position = controls.context.playback.animator().values().position;
    const int now = count > 0 ? static_cast<int>(std::lround(position)) % count : 0;
    int remove = -1, move_from = -1, move_to = -1;
    bool by_keys = false;
    for (int i = 0; i < count; ++i) {
        ImGui::PushID(i);
        next_in_strip(place, i);
        const std::uint32_t seed = controls.context.state.walk.seeds[static_cast<std::size_t>(i)];
        const ImVec2 from = ImGui::GetCursorScreenPos();
        ImGui::SetItemAllowOverlap();
        const auto& latents = controls.context.state.walk.latents;
        const bool place_of_its_own =
            static_cast<std::size_t>(i) < latents.size() && !latents[static_cast<std::size_t>(i)].empty();
        const bool clicked = thumb(
            "seed", {.texture = place_of_its_own ? controls.context.thumbnails.get(latents[static_cast<std::size_t>(i)])
                                                 : controls.context.thumbnails.get(seed),
                     .side = place.side / ui.scale(),
                     .selected = i == now && controls.context.state.latent_override.kind == LatentOverride::none,
                     .tooltip = place_of_its_own
                                    ? std::string("A place that was wandered to. Click to go there, drag to another "
                                                  "place, right click for more")
                                    : seed_tooltip(seed, "Click to go there, drag to another place, right click for "
                                                         "more")});
        if (clicked)
            controls.walk.go_to_position(i);
        if (ImGui::BeginDragDropSource(ImGuiDragDropFlags_SourceNoPreviewTooltip)) {
            ImGui::SetDragDropPayload("seed", &i, sizeof i);
            ImGui::EndDragDropSource();
        }
        if (ImGui::BeginDragDropTarget()) {
            if (const ImGuiPayload* payload = ImGui::AcceptDragDropPayload("seed")) {
                move_from = *static_cast<const int*>(payload->Data);
                move_to = i;
            }
            ImGui::EndDragDropTarget();
        }
        if (const float nudge = ui.nudge_for(ImGui::GetItemID()); nudge != 0)
            by_keys = true, move_from = i, move_to = std::clamp(i + (nudge > 0 ? 1 : -1), 0, count - 1);
        if (item_menu_wanted())
            open_menu("more");
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(6), ui.px(6)});
        const bool menu = ImGui::BeginPopup("more");
        ImGui::PopStyleVar();
        if (menu) {
            if (button("other", {.icon = Icon::pencil,
                                 .text = "Choose another seed",
                                 .tooltip = "In its place in the loop",
                                 .quiet = true,
                                 .left = true,
                                 .width = 200})) {
                const auto index = static_cast<std::size_t>(i);
                controls.context.ui.pick_seed(
                    seed, [&controls, index, seed](std::uint32_t s) { controls.walk.replace_seed(index, seed, s); });
                ImGui::CloseCurrentPopup();
            }
            if (button("remove", {.icon = Icon::bin,
                                  .text = "Remove from the loop",
                                  .tooltip = "The seeds beside it then follow each other",
                                  .enabled = count > 1,
                                  .quiet = true,
                                  .left = true,
                                  .width = 200})) {
                remove = i;
                ImGui::CloseCurrentPopup();
            }
            ImGui::EndPopup();
        }
        // A hovered tile shows a cross at its corner.
        if (count > 1 && ImGui::IsMouseHoveringRect(from, {from.x + place.side, from.y + place.side}) &&
            ImGui::IsWindowHovered() && !ImGui::GetDragDropPayload()) {
            const ImVec2 corner{from.x + place.side - ui.px(9), from.y + ui.px(9)};
            const bool on_cross = ImGui::IsMouseHoveringRect({corner.x - ui.px(9), corner.y - ui.px(9)},
                                                             {corner.x + ui.px(9), corner.y + ui.px(9)});
            ImDrawList& list = *ImGui::GetWindowDrawList();
            list.AddCircleFilled(corner, ui.px(8), theme::faded(theme::background, 0.85f));
            draw_icon(list, Icon::close, corner, ui.px(10), on_cross ? theme::bad : theme::text);
            if (on_cross && clicked)
                remove = i;
        }
        ImGui::PopID();
    }
    next_in_strip(place, count);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    if (thumb("add", {.side = place.side / ui.scale(), .tooltip = "Add a seed, chosen by its picture"}))
        controls.context.ui.pick_seed(
            controls.context.state.walk.seeds.back(), [&controls](std::uint32_t seed) { controls.walk.add_seed(seed); },
            [&controls](std::uint32_t seed) { controls.walk.add_seed(seed, false); });
    draw_icon(*ImGui::GetWindowDrawList(), Icon::plus,
              {from.x + std::round(place.side / 2), from.y + std::round(place.side / 2)}, ui.px(16), theme::secondary);
    if (remove >= 0)
        controls.walk.remove_seed(static_cast<std::size_t>(remove));
    if (move_from >= 0) {
        controls.walk.move_seed(static_cast<std::size_t>(move_from), static_cast<std::size_t>(move_to));
        if (by_keys)
            touch_item(move_to, "seed"); // they stay with it
    }
}

// The endless walk's road: where it comes from and the next few it will pass.
void draw_road(Controls& controls) {
    Ui& ui = Ui::current();
    const StripPlace place = strip_place();
    const RenderParams now = make_params(
        [&] {
            StudioState state = controls.context.state;
            state.latent_override = {};
            state.timeline.on = false;
            return state;
        }(),
        controls.context.playback.animator().values(), 0, 0);
    const auto first = static_cast<std::int64_t>(std::floor(now.position));
    for (int i = 0; i < place.in_row; ++i) {
        ImGui::PushID(i);
        next_in_strip(place, i);
        const std::uint32_t seed = walk_keyframe(now.walk, first + i);
        if (thumb("key", {.texture = controls.context.thumbnails.get(seed),
                          .side = place.side / ui.scale(),
                          .selected = i == 0 && controls.context.state.latent_override.kind == LatentOverride::none,
                          .tooltip = seed_tooltip(seed, i == 0 ? "The walk is here"
                                                               : "The walk will pass here. Click to go there now")}))
            controls.walk.go_to_position(static_cast<double>(first + i));
        ImGui::PopID();
    }
}

void draw_speed(Controls& controls) {
    const WalkState& walk = controls.context.state.walk;
    const std::string text = beats_text(walk.seconds_per_step);
    const auto speed = [&] {
        parameter_slider(controls, "speed", {&parameter("walk.speed")},
                         {.origin = 0.2, .value_width = 62, .text = walk.in_beats ? text.c_str() : nullptr});
    };
    if (with_beats_button(controls.context, "##walk-beats", "walk.in_beats", walk.in_beats, speed))
        controls.walk.set_in_beats(!walk.in_beats);
}

} // namespace

void draw_walk_panel(Controls& controls) {
    Ui& ui = Ui::current();
    WalkState& walk = controls.context.state.walk;
    draw_now(controls);

    static constexpr Choice kinds[] = {{"Endless", "From one random seed to the next, without end"},
                                       {"Loop", "Through your seeds, and from the last back to the first"},
                                       {"Once", "Through your seeds, stopping at the last"}};
    int kind = walk.kind == WalkKind::random ? 0 : walk.loop ? 1 : 2;
    if (segmented("kind", kinds, kind)) {
        controls.walk.set_kind(kind == 0 ? WalkKind::random : WalkKind::seeds);
        if (kind != 0)
            controls.walk.set_loop(kind == 1);
    }
    learn_menus(controls.context, {"walk.kind", "walk.loop"});
    if (walk.kind == WalkKind::random) {
        draw_road(controls);
    } else {
        draw_seed_strip(controls);
    }
    draw_speed(controls);

    static constexpr Choice spaces[] = {{"w", "Walk straight in W: the shortest way, the calmest change"},
                                        {"z", "Walk on the sphere in Z: each picture in between is a likely one"}};
    int space = static_cast<int>(walk.space);
    if (segmented("space", spaces, space, 84))
        controls.walk.set_space(static_cast<Space>(space));
    learn_menu(controls.context, "walk.space");
    ImGui::SameLine(0, ui.px(10));
    const bool in_z = walk.space == Space::z;
    const Choice eases[] = {
        {"Linear", "Constant speed, a corner at each seed"},
        {"Smooth", "Slows down at each seed"},
        {"Cubic",
         in_z ? "Cubic needs W: in Z only linear and smooth stay on the sphere" : "One flowing curve through all seeds",
         !in_z}};
    int ease = in_z && walk.ease == Ease::cubic ? static_cast<int>(Ease::smooth) : static_cast<int>(walk.ease);
    if (segmented("ease", eases, ease))
        controls.walk.set_ease(static_cast<Ease>(ease));
    learn_menu(controls.context, "walk.ease");

    if (const ModelInfo* model = controls.context.playback.model(); model && model->c_dim > 1) {
        double chosen = controls.context.playback.shown_value({&parameter("walk.class")});
        const auto shown = static_cast<std::size_t>(std::max(0.0, chosen));
        const bool named = shown < model->class_names.size();
        const std::string name = named ? model->class_names[shown] : "";
        if (slider("class",
                   {.label = "Class",
                    .min = 0,
                    .max = static_cast<double>(model->c_dim - 1),
                    .standard = 0,
                    .step = 1,
                    .format = "%.0f",
                    .whole = true,
                    .tooltip = "Which of the model's classes is shown",
                    .value_width = named ? 96.0F : 54.0F,
                    .text = named ? name.c_str() : nullptr,
                    .mark = mark_of(controls.context.playback.mover("class")),
                    .menu = with_learn(controls.context, "walk.class")},
                   chosen)) {
            controls.context.playback.touch("class");
            controls.context.playback.set_class(static_cast<int>(chosen));
        }
        std::string label = text_of_label(walk.label);
        if (text_row("label",
                     {.label = "Label",
                      .hint = "as the class",
                      .tooltip =
                          "All numbers of a label in place of the class, such as 0.5, 0, 0.5; the picture glides "
                          "there. Empty: the class",
                      .label_width = 72},
                     label)) {
            if (const std::optional<ExplicitRef> typed = label_of_text(label, model->c_dim)) {
                controls.context.playback.touch("class");
                controls.context.playback.set_class(walk.class_index, *typed);
            }
        }
    }
}

} // namespace atelier::studio
