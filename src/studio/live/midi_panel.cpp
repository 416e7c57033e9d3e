// SPDX-License-Identifier: Apache-2.0
// MIDI devices: which are there, what they said last, and which a connection waits for.
#include <set>

#include <fmt/format.h>
#include <imgui_internal.h>

#include "base/clock.h"
#include "studio/live/live.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace {

constexpr double recent = 0.15; // seconds: how long the light is on
constexpr float light = 18;     // 96 dpi pixels

void draw_row(const std::string& name, const std::string& below, bool there, bool lit, const std::string& tooltip) {
    Ui& ui = Ui::current();
    ui.want(name);
    ui.want(below);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const ImVec2 size{ImGui::GetContentRegionAvail().x, ui.px(theme::control)};
    ImGui::InvisibleButton("##midi-device", size);
    ui.mark("##midi-device", from, {from.x + size.x, from.y + size.y}, true);
    if (ImGui::IsItemHovered())
        ui.tooltip(ImGui::GetItemID(), tooltip);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddCircleFilled({from.x + ui.px(6), from.y + size.y / 2}, ui.px(lit ? 5.0f : 4.0f),
                         lit     ? theme::accent
                         : there ? theme::secondary
                                 : theme::line,
                         16);
    const float y = from.y + (size.y - measure(Face::body, "0").y) / 2;
    draw_text(list, Face::body, {from.x + ui.px(light), y}, there ? theme::text : theme::disabled, Own{name},
              size.x - ui.px(light));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float height = measure(Face::small, "0").y;
    draw_text(list, Face::small, {at.x + ui.px(light), at.y}, there ? theme::secondary : theme::disabled, below,
              size.x - ui.px(light));
    ImGui::Dummy({size.x, height});
}

std::string below_of(const inputs::MidiDevice& each) {
    std::string text = each.system == inputs::MidiSystem::alsa ? "ALSA" : "JACK";
    const std::string own = fmt::format("midi/{}/", each.name); // the row says that already
    text += each.last.starts_with(own) ? ", " + each.last.substr(own.size()) : std::string(", nothing yet");
    if (each.clock.there)
        text += fmt::format(", clock {:.1f}", each.clock.bpm);
    return text;
}

} // namespace

void draw_midi_panel(Live& live) {
    draw_closed_note(live);
    const auto devices = live.midi ? live.midi->devices() : std::vector<inputs::MidiDevice>();
    const double now = steady_seconds();
    std::set<std::string> there, away;
    int place = 0;
    for (const inputs::MidiDevice& each : devices) {
        there.insert(each.name);
        const bool lit = each.messages > 0 && now - each.last_seconds < recent;
        ImGui::PushID(place++);
        draw_row(each.name, below_of(each), true, lit,
                 each.hears ? "It is listened to, and values go back to it"
                            : "It is listened to; it takes nothing back");
        ImGui::PopID();
        if (lit)
            Ui::current().fades(0.1f); // the light goes out again
    }
    for (const Connection& each : live.state.connections) {
        const auto name = std::string(inputs::midi_device_of(each.source));
        if (!name.empty() && !there.contains(name) && away.insert(name).second) {
            ImGui::PushID(place++);
            draw_row(name, "away", false, false, "Connections wait for it; plugged in, it is found within a second");
            ImGui::PopID();
        }
    }
    if (there.empty() && away.empty())
        paragraph("No MIDI device is there. One that is plugged in is found within a second.");
    toggle_row("midi-feedback",
               {.label = "Feedback",
                .tooltip = "Values go back to the knobs and pads that are connected, for their lights and motors",
                .label_width = 84},
               live.state.feedback);
}

} // namespace atelier::studio
