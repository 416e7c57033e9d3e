// SPDX-License-Identifier: Apache-2.0
// The modulation matrix: what is connected to what, with meters.
#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <imgui_internal.h>

#include "studio/live/live.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace {

constexpr float meter_width = 46, name_indent = 34; // 96 dpi pixels
constexpr double most_ms = 60000;

std::string target_text(const Live& live, const Connection& each) {
    const auto which = find_parameter(live.context.state, each.target);
    return which ? label_of(live.context.state, *which) : each.target;
}

// What it does just now, for the tooltip.
std::string state_text(const Live& live, const Connection& each) {
    if (!find_parameter(live.context.state, each.target))
        return "There is no such parameter now: it waits";
    if (!live.matrix.last(each.source))
        return "Its source has said nothing yet: the device may be away";
    if (live.matrix.waits_for_take_over(each))
        return "It waits until the knob passes the value";
    return "";
}

void draw_meter(const Live& live, const Connection& each) {
    Ui& ui = Ui::current();
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const ImVec2 size{ui.px(meter_width), ui.px(theme::control)};
    ImGui::Dummy(size);
    ui.mark("connection-meter", from, {from.x + size.x, from.y + size.y}, true);
    const float y = from.y + size.y / 2, half = ui.px(3);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled({from.x, y - half}, {from.x + size.x, y + half}, theme::line, half);
    if (const auto level = live.matrix.meter(each); level && *level > 0 && each.on) {
        const auto part = static_cast<float>(std::clamp(*level, 0.0, 1.0));
        const ImU32 colour = live.matrix.waits_for_take_over(each) ? theme::secondary : theme::accent;
        list.AddRectFilled({from.x, y - half}, {from.x + std::max(2 * half, size.x * part), y + half}, colour, half);
    }
}

void draw_envelope(Connection& each) {
    EnvelopeShape& shape = each.shape;
    number_row("env-attack", panel_row("Rise", "From a hit to its full strength", "ms"), 0, most_ms, shape.attack);
    number_row("env-hold", panel_row("Hold", "How long it stays there", "ms"), 0, most_ms, shape.hold);
    number_row("env-decay", panel_row("Decay", "From there down to what is sustained", "ms"), 0, most_ms, shape.decay);
    number_row("env-sustain", panel_row("Sustain", "Part of the strength while the note or pad is held, 0 to 1"), 0, 1,
               shape.sustain);
    number_row("env-release", panel_row("Release", "Down to nothing when it is let go", "ms"), 0, most_ms,
               shape.release);
}

void draw_range(const Live& live, Connection& each) {
    const auto which = find_parameter(live.context.state, each.target);
    const char* unit = !which                             ? ""
                       : each.mode == ConnectionMode::add ? which->parameter->modulation.unit
                                                          : which->parameter->unit;
    if (each.mode == ConnectionMode::multiply)
        unit = "x";
    number_row("from", panel_row("From", "What it is where the source is at its lowest", unit), -1e10, 1e10, each.from);
    number_row("to", panel_row("To", "What it is where the source is at its highest", unit), -1e10, 1e10, each.to);
    static constexpr Choice curves[] = {{"Linear", "In even steps"},
                                        {"Slow start", "Little at first, much at the end"},
                                        {"Slow end", "Much at first, little at the end"},
                                        {"Smooth", "Little at both ends"}};
    int curve = static_cast<int>(each.curve);
    if (choice_row("curve", panel_row("Curve", "How the way from the one to the other is spread"), curves, curve))
        each.curve = static_cast<ConnectionCurve>(curve);
    number_row("attack", panel_row("Attack", "How slowly it follows upwards; 0 is at once", "ms"), 0, most_ms,
               each.attack);
    number_row("release", panel_row("Release", "How slowly it follows downwards; 0 is at once", "ms"), 0, most_ms,
               each.release);
}

// What a mode begins with.
void choose_mode(const Live& live, Connection& each, ConnectionMode mode) {
    each.mode = mode;
    const auto which = find_parameter(live.context.state, each.target);
    if (!which)
        return;
    if (mode == ConnectionMode::multiply) {
        each.from = 1;
        each.to = 2;
    } else if (mode == ConnectionMode::add) {
        each.from = 0;
        each.to = which->parameter->modulation.depth;
    } else {
        const Connection fresh = new_connection(each.source, *which, each.target);
        each.from = fresh.from;
        each.to = fresh.to;
    }
}

void draw_details(Live& live, Connection& each) {
    const auto which = find_parameter(live.context.state, each.target);
    const bool trigger = which && which->parameter->scale == Scale::trigger;
    const bool adds = which && which->parameter->can_modulate();
    text_row("source", panel_row("Source", "Where it comes from: device, channel and control, or an address"),
             each.source);
    if (trigger)
        return;
    const Choice modes[] = {{"Set", "The source sets it, as a hand would"},
                            {"Add", "Added to what is set", adds},
                            {"Multiply", "What is set times this", adds},
                            {"Toggle", "Each hit goes from the one to the other"},
                            {"Trigger", "Each hit puts what stands at To"}};
    int mode = static_cast<int>(each.mode);
    if (choice_row("mode", panel_row("Mode", "What it does to the control"), modes, mode) &&
        modes[static_cast<std::size_t>(mode)].enabled)
        choose_mode(live, each, static_cast<ConnectionMode>(mode));
    draw_range(live, each);
    if (each.mode == ConnectionMode::set)
        toggle_row("soft",
                   panel_row("Take-over", "A knob moves it only from where it passes the value, so that nothing leaps"),
                   each.soft);
    toggle_row("envelope", panel_row("Envelope", "Each hit is a rise and a fall in place of the source's own value"),
               each.envelope);
    if (each.envelope)
        draw_envelope(each);
}

// True when it is to go.
bool draw_one(Live& live, Connection& each, int index) {
    Ui& ui = Ui::current();
    const std::string target = target_text(live, each), state = state_text(live, each);
    const bool waits = !live.matrix.last(each.source);
    ui.want(target);
    ui.want(each.source);
    toggle("##connection-on", "It moves the control, or rests", each.on);
    ImGui::SameLine(0, ui.px(8));
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float room = ImGui::GetContentRegionAvail().x - ui.px(meter_width + 8 + 28);
    const bool open = live.form.open == index;
    if (pressable("##connection", {room, ui.px(theme::control)}))
        live.form.open = open ? -1 : index;
    ui.mark("##connection", from, {from.x + room, from.y + ui.px(theme::control)}, true);
    if (ImGui::IsItemHovered())
        ui.tooltip(ImGui::GetItemID(), state.empty() ? std::string("Shows and hides how it is connected") : state);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float y = from.y + (ui.px(theme::control) - measure(Face::body, "0").y) / 2;
    draw_text(list, Face::body, {from.x, y}, waits || !each.on ? theme::disabled : theme::text, target, room);
    ImGui::SameLine(0, ui.px(4));
    draw_meter(live, each);
    ImGui::SameLine(0, ui.px(4));
    const bool gone =
        button("##disconnect", {.icon = Icon::bin, .tooltip = "Disconnect it; Ctrl+Z brings it back", .quiet = true});
    ImGui::Indent(ui.px(name_indent));
    label(each.source, waits ? theme::disabled : theme::secondary);
    ImGui::Unindent(ui.px(name_indent));
    if (open)
        draw_details(live, each);
    return gone;
}

void draw_pages(Live& live) {
    Ui& ui = Ui::current();
    row_label("Page", 44);
    const float width = ImGui::GetContentRegionAvail().x - ui.px(2 * 66);
    text_field("##page", "A name", live.form.page, width);
    ImGui::SameLine(0, ui.px(6));
    if (button("##page-save", {.text = "Save",
                               .tooltip = "Keep these connections under that name",
                               .enabled = !live.form.page.empty() && !live.state.connections.empty(),
                               .width = 58}))
        live.pages.save(live.form.page, live.state.connections);
    ImGui::SameLine(0, ui.px(6));
    if (button("##page-open", {.text = "Open",
                               .tooltip = "Pages that were kept take the place of these connections; or drop a "
                                          ".connections.json file on the window",
                               .enabled = !live.pages.names().empty(),
                               .width = 58}))
        open_menu("pages");
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(6), ui.px(6)});
    if (ImGui::BeginPopup("pages")) {
        if (ui.close_popups)
            ImGui::CloseCurrentPopup();
        for (const std::string& name : live.pages.names()) {
            ui.want(name);
            if (button(name.c_str(),
                       {.text = name, .tooltip = "Open this page", .quiet = true, .left = true, .width = 180})) {
                live.form.page = name;
                live.pages.open(name);
                ImGui::CloseCurrentPopup();
            }
        }
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar();
}

} // namespace

void draw_matrix_panel(Live& live) {
    auto& list = live.state.connections;
    if (!live.learning().empty()) {
        const auto which = find_parameter(live.context.state, live.learning());
        paragraph(fmt::format("Move a knob, press a pad or send a message for {} ...",
                              which ? label_of(live.context.state, *which) : live.learning()),
                  theme::accent);
        if (button("##learn-stop", {.icon = Icon::close, .text = "Stop learning", .tooltip = "Connect nothing"}))
            live.learn({});
    } else if (list.empty()) {
        paragraph("Right click a control and choose Learn, then move a knob: it moves the control from then on.");
    }
    int gone = -1;
    for (int i = 0; i < static_cast<int>(list.size()); ++i) {
        ImGui::PushID(i);
        if (draw_one(live, list[static_cast<std::size_t>(i)], i))
            gone = i;
        ImGui::PopID();
    }
    if (gone >= 0) {
        list.erase(list.begin() + gone);
        live.form.open = -1;
    }
    gap(4);
    draw_new_connection(live);
    draw_pages(live);
}

} // namespace atelier::studio
