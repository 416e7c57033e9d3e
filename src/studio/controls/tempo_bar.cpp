// SPDX-License-Identifier: Apache-2.0
// The tempo in the top bar: a light that beats, the value, tapping, and which clock it follows.
#include <cmath>

#include <imgui.h>
#include <imgui_internal.h>

#include "studio/controls/controls.h"
#include "studio/controls/parameter_controls.h"
#include "studio/core/learn_menu.h"
#include "studio/state/oscillators.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

void draw_light(const Controls& controls) {
    Ui& ui = Ui::current();
    const BeatLight light =
        beat_light(controls.context.playback.animator().values().beat, controls.context.state.beats_per_bar);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    ImGui::InvisibleButton("##beat", {ui.px(18), ui.px(theme::control)});
    if (ImGui::IsItemHovered())
        ui.tooltip(ImGui::GetItemID(), "The beat; the first of each bar is amber. A tap puts it where you press");
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 middle{from.x + ui.px(9), from.y + ui.px(theme::control) / 2};
    const ImU32 colour = !light.on ? theme::line : light.first ? theme::accent : theme::text;
    list.AddCircleFilled(middle, ui.px(light.on ? 6.0f : 5.0f), theme::faded(colour, ImGui::GetStyle().Alpha), 20);
}

void draw_value(Controls& controls, float width) {
    Ui& ui = Ui::current();
    ImGui::BeginChild("##tempo-value", {width, ui.px(theme::control)}, false,
                      ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoNav);
    const OscillatorPhaseLock steady(controls.context.state, controls.context.playback.animator().values().clock);
    const std::string followed = controls.context.commands.tempo_text();
    const std::string tooltip =
        "Tempo of all that counts in beats: steps of the walk, morphs, swings, the timeline. " +
        (followed.empty() ? "It is set here: drag, Ctrl+click types, Tap; or it follows a clock, see CLOCK" : followed);
    parameter_slider(controls, "bpm", {&parameter("performance.tempo")},
                     {.tooltip = tooltip, .label_width = 0, .value_width = 58});
    ImGui::EndChild();
    ImGui::SameLine(0, ui.px(4));
}

} // namespace

BeatLight beat_light(double beat, int beats_per_bar) {
    const double whole = std::floor(beat);
    constexpr double lit = 0.25; // of a beat
    const double rest = beat - whole;
    return {rest < lit, std::fmod(whole, beats_per_bar) == 0, (rest < lit ? lit : 1) - rest};
}

void draw_tempo(Controls& controls, float width) {
    Ui& ui = Ui::current();
    ImGui::BeginChild("##tempo-bar", {ui.px(width), ui.px(theme::control)}, false,
                      ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoNav);
    draw_light(controls);
    ImGui::SameLine(0, ui.px(2));
    constexpr float tap = 44;
    if (width >= tempo_bar_width)
        draw_value(controls, ImGui::GetContentRegionAvail().x - ui.px(tap + 4));
    trigger_button(controls.context, "##tap-tempo", "transport.tap", {.text = "Tap", .width = tap});
    ImGui::EndChild();
}

} // namespace atelier::studio
