// SPDX-License-Identifier: Apache-2.0
// The cue list: what comes next, Go, and each cue's details.
#include <fmt/format.h>
#include <imgui_internal.h>

#include "studio/core/learn_menu.h"
#include "studio/library/library.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace {

constexpr double most_seconds = 3600;

std::string text_of(const Library& library, const Cue& cue) {
    if (!cue.name.empty())
        return cue.name;
    if (cue.kind == CueKind::moments)
        return fmt::format("Timeline {:.4g} to {:.4g}", cue.from, cue.to);
    const Preset& preset = library.context.state.presets[static_cast<std::size_t>(cue.preset)];
    return preset.used && !preset.name.empty() ? preset.name : fmt::format("Preset {}", cue.preset + 1);
}

void draw_details(Library& library, std::size_t index) {
    Cue& cue = library.context.state.cues[index];
    text_row("cue-name", panel_row("Name", "What it is called in the list"), cue.name);
    static constexpr Choice kinds[] = {{"Preset", "The scene that a preset keeps"},
                                       {"Timeline", "A part of the timeline, from one place to another"}};
    int kind = static_cast<int>(cue.kind);
    if (choice_row("cue-kind", panel_row("Is", "What comes"), kinds, kind))
        cue.kind = static_cast<CueKind>(kind);
    if (cue.kind == CueKind::preset) {
        int number = cue.preset + 1;
        if (number_row("cue-preset", panel_row("Preset", "Its number, 1 to 9"), 1, static_cast<int>(preset_slots),
                       number))
            cue.preset = number - 1;
    } else {
        const char* unit = library.context.state.timeline.in_beats ? "beats" : "s";
        number_row("cue-from", panel_row("From", "Where the timeline begins to play", unit), 0, 1e6, cue.from);
        number_row("cue-to", panel_row("To", "Where it rests", unit), 0, 1e6, cue.to);
    }
    const char* unit = cue.in_beats ? "beats" : "s";
    number_row("cue-fade", panel_row("Fade", "How long it takes to come; 0 is a cut", unit), 0, 60, cue.fade);
    number_row("cue-after",
               panel_row("After", "It comes by itself so long after the one before; 0: it waits for Go", unit), 0,
               most_seconds, cue.after);
    toggle_row("cue-beats", panel_row("In beats", "Fade and After count beats of the tempo"), cue.in_beats);
    if (button("##cue-up", {.text = "Up", .tooltip = "Earlier in the show", .enabled = index > 0}))
        library.cues.move(index, -1), library.open_cue = static_cast<int>(index) - 1;
    ImGui::SameLine(0, Ui::current().px(6));
    if (button(
            "##cue-down",
            {.text = "Down", .tooltip = "Later in the show", .enabled = index + 1 < library.context.state.cues.size()}))
        library.cues.move(index, 1), library.open_cue = static_cast<int>(index) + 1;
    ImGui::SameLine(0, Ui::current().px(6));
    if (button("##cue-next", {.text = "Next", .tooltip = "This one comes at the next Go"}))
        library.cues.stand_by(index);
    ImGui::SameLine(0, Ui::current().px(6));
    if (button("##cue-remove", {.icon = Icon::bin, .tooltip = "Out of the show; Ctrl+Z brings it back"})) {
        library.cues.remove(index);
        library.open_cue = -1;
    }
}

void draw_cue(Library& library, std::size_t index) {
    Ui& ui = Ui::current();
    const Cue& cue = library.context.state.cues[index];
    const bool open = library.open_cue == static_cast<int>(index);
    const std::string text = fmt::format("{}  {}", index + 1, text_of(library, cue));
    ui.want(text);
    const bool came = library.cues.last() == index, next = library.cues.next() == index;
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float room = ImGui::GetContentRegionAvail().x - ui.px(72);
    if (pressable("##cue", {room, ui.px(theme::control)}))
        library.open_cue = open ? -1 : static_cast<int>(index);
    ui.mark("##cue", from, {from.x + room, from.y + ui.px(theme::control)}, true);
    if (ImGui::IsItemHovered())
        ui.tooltip(ImGui::GetItemID(), came   ? "It is shown. Click for its details"
                                       : next ? "It comes at the next Go. Click for its details"
                                              : "Click for its details");
    const float y = from.y + (ui.px(theme::control) - measure(Face::body, "0").y) / 2;
    draw_text(*ImGui::GetWindowDrawList(), Face::body, {from.x, y},
              came   ? theme::accent
              : next ? theme::text
                     : theme::secondary,
              text, room);
    ImGui::SameLine(0, ui.px(8));
    const auto left = next ? library.cues.comes_in() : std::nullopt;
    const std::string fade = left            ? fmt::format("in {:.0f} s", *left)
                             : cue.fade == 0 ? std::string("cut")
                                             : fmt::format("{:.3g} {}", cue.fade, cue.in_beats ? "beats" : "s");
    const ImVec2 size = measure(Face::small, fade), at = ImGui::GetCursorScreenPos();
    draw_text(*ImGui::GetWindowDrawList(), Face::small,
              {from.x + room + ui.px(72) - size.x, at.y + (ui.px(theme::control) - size.y) / 2},
              left ? theme::accent : theme::secondary, fade);
    ImGui::Dummy({0, 0});
    if (open)
        draw_details(library, index);
}

} // namespace

void draw_cues_panel(Library& library) {
    Ui& ui = Ui::current();
    StudioState& state = library.context.state;
    if (state.cues.empty())
        paragraph("A show: presets and parts of the timeline, one after another. Go takes the next.");
    for (std::size_t i = 0; i < state.cues.size(); ++i) {
        ImGui::PushID(static_cast<int>(i));
        draw_cue(library, i);
        ImGui::PopID();
    }
    gap(8);
    trigger_button(library.context, "##cue-go", "transport.next_cue",
                   {.icon = Icon::play,
                    .text = "Go",
                    .tooltip = "The next cue; right click to learn a pad for it",
                    .primary = true,
                    .enabled = !state.cues.empty()});
    ImGui::SameLine(0, ui.px(6));
    trigger_button(library.context, "##cue-back", "transport.previous_cue",
                   {.icon = Icon::chevron_left, .enabled = library.cues.last().value_or(0) > 0});
    ImGui::SameLine(0, ui.px(6));
    if (button("##cue-add", {.icon = Icon::plus,
                             .text = "Cue",
                             .tooltip = "One more at the end: the next preset that is kept, or the whole timeline"})) {
        Cue cue;
        cue.fade = state.morph_seconds;
        cue.in_beats = state.morph_in_beats;
        cue.preset = static_cast<int>(state.cues.size() % preset_slots);
        library.cues.add(cue);
        library.open_cue = static_cast<int>(state.cues.size()) - 1;
    }
}

} // namespace atelier::studio
