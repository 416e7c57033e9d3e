// SPDX-License-Identifier: Apache-2.0
// OSC, OSCQuery and Art-Net: what is on and where, what comes in, what is closed.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/clock.h"
#include "studio/live/live.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace {

constexpr float label_width = 82;
constexpr double read_every = 0.25; // seconds between two looks at what came in
constexpr float list_height = 220;

// Text beside the control before it, in the middle of its height.
void beside(std::string_view text, ImU32 colour = theme::text, float room = 0) {
    Ui& ui = Ui::current();
    ImGui::SameLine(0, ui.px(10));
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x - ui.px(room);
    ui.want(text);
    draw_text(*ImGui::GetWindowDrawList(), Face::body,
              {from.x, from.y + (ui.px(theme::control) - measure(Face::body, "0").y) / 2}, colour, text, width);
    ImGui::Dummy({width, ui.px(theme::control)});
}

void address_rows(const char* address_id, const char* port_id, std::string& address, int& port, bool sends) {
    text_row(address_id,
             {.label = "Address",
              .hint = "127.0.0.1",
              .tooltip = sends ? "Of the machine that is to hear it, as a number: 192.168.1.20"
                               : "127.0.0.1 hears this machine alone, 0.0.0.0 every machine of the network, another "
                                 "address of this machine those that reach it",
              .label_width = label_width},
             address);
    number_row(port_id,
               {.label = "Port", .tooltip = sends ? "That it listens on" : "1 to 65535", .label_width = label_width}, 1,
               65535, port);
}

// One of the four: its switch, where it is and whether it works, and on wish where it is to be.
struct PartRow {
    const char* id;
    const char* title;
    const char* tooltip;
    const char* edit_id;
    net::PartStatus status{};
    std::string works{};            // what is said when it does
    std::function<void()> more{};   // below that
    std::function<void()> fields{}; // while they are asked for, or it doesn't work
};

void draw_part(const PartRow& row, bool& on, bool& editing) {
    toggle(row.id, row.tooltip, on);
    const bool wrong = on && !row.status.problem.empty();
    beside(row.title, theme::text, on ? theme::control + 8 : 0);
    if (!on)
        return;
    ImGui::SameLine(0, 0);
    if (button(row.edit_id,
               {.icon = Icon::sliders, .tooltip = "Address and port", .active = editing || wrong, .quiet = true}))
        editing = !editing;
    if (row.status.on)
        paragraph(row.works, theme::good);
    else if (wrong)
        paragraph(row.status.problem, theme::bad);
    if (row.more)
        row.more();
    if (editing || wrong)
        row.fields();
}

void draw_osc(NetworkLink& link, NetworkOptions& options) {
    draw_part(
        {.id = "##osc",
         .title = "OSC in",
         .tooltip = "Parameters are set by OSC, by UDP and TCP, and other addresses can be connected",
         .edit_id = "##osc-edit",
         .status = link.network.osc(),
         .works = fmt::format("Listens on {}, port {}", options.osc_address, link.network.osc().port),
         .fields = [&] { address_rows("osc-address", "osc-port", options.osc_address, options.osc_port, false); }},
        options.osc, link.form.editing[0]);
}

void draw_query(NetworkLink& link, NetworkOptions& options) {
    const net::PartStatus status = link.network.query();
    const std::string shown = options.query_address == "0.0.0.0" ? "127.0.0.1" : options.query_address;
    const std::string address = fmt::format("http://{}:{}/", shown, status.port);
    const auto more = [&] {
        toggle("##query-sets",
               "What comes to this port may set parameters, the page too; off, they can be looked at alone",
               options.query_may_set);
        beside("It may set parameters", theme::secondary, 64);
        ImGui::SameLine(0, 0);
        if (button("##copy-page", {.text = "Copy",
                                   .tooltip = "The page's address, for a browser",
                                   .enabled = status.on,
                                   .quiet = true,
                                   .width = 64}))
            ImGui::SetClipboardText(address.c_str());
    };
    draw_part(
        {.id = "##query",
         .title = "OSCQuery and page",
         .tooltip =
             "Programs such as ossia, Chataigne and TouchOSC find all parameters by themselves, and a browser shows "
             "them as a page",
         .edit_id = "##query-edit",
         .status = status,
         .works = fmt::format("{}, {} connected", address, link.network.query_connections()),
         .more = more,
         .fields =
             [&] { address_rows("query-address", "query-port", options.query_address, options.query_port, false); }},
        options.query, link.form.editing[1]);
}

void draw_artnet(NetworkLink& link, NetworkOptions& options) {
    const auto fields = [&] {
        address_rows("artnet-address", "artnet-port", options.artnet_address, options.artnet_port, false);
        number_row("artnet-universe",
                   {.label = "Universe",
                    .tooltip = "The first that is listened to; they count from 0",
                    .label_width = label_width},
                   0, 32767, options.artnet_universe);
        number_row(
            "artnet-universes",
            {.label = "How many", .tooltip = "Universes from the first on, at most 16", .label_width = label_width}, 1,
            16, options.artnet_universes);
    };
    const int last = options.artnet_universe + options.artnet_universes - 1;
    const std::string universes = last == options.artnet_universe
                                      ? fmt::format("universe {}", last)
                                      : fmt::format("universes {} to {}", options.artnet_universe, last);
    draw_part({.id = "##artnet",
               .title = "Art-Net in",
               .tooltip = "Channels of a light desk can be connected to parameters",
               .edit_id = "##artnet-edit",
               .status = link.network.artnet(),
               .works = fmt::format("Listens on {}, port {}, {}", options.artnet_address, link.network.artnet().port,
                                    universes),
               .fields = fields},
              options.artnet, link.form.editing[2]);
}

void draw_out(NetworkLink& link, NetworkOptions& options) {
    draw_part({.id = "##osc-out",
               .title = "OSC out",
               .tooltip = "What changes is sent as OSC, at most 30 times a second: parameters, the beat, pictures per "
                          "second, training",
               .edit_id = "##out-edit",
               .status = link.network.out(),
               .works = fmt::format("To {}, port {}: {} messages", options.out_address, options.out_port,
                                    link.network.sent()),
               .fields = [&] { address_rows("out-address", "out-port", options.out_address, options.out_port, true); }},
              options.out, link.form.editing[3]);
}

bool matches(const std::string& filter, const std::string& label, const std::string& id) {
    const auto lower = [](std::string text) {
        std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
        return text;
    };
    const std::string wanted = lower(filter);
    return lower(label).find(wanted) != std::string::npos || lower(id).find(wanted) != std::string::npos;
}

// Of the parameters that the filter leaves.
template <class Each> void each_parameter(const StudioState& state, const std::string& filter, Each each) {
    for (const ParameterRef which : parameters_of(state)) {
        if (!which->has_value() && which->scale != Scale::trigger)
            continue;
        const std::string id = id_of(state, which), label = label_of(state, which);
        if (matches(filter, label, id))
            each(id, label);
    }
}

void draw_targets(Live& live, const std::string& source) {
    Ui& ui = Ui::current();
    ImGui::SetNextWindowSize({ui.px(300), 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(8), ui.px(8)});
    const bool open = ImGui::BeginPopup("targets");
    ImGui::PopStyleVar();
    if (!open)
        return;
    if (ui.close_popups)
        ImGui::CloseCurrentPopup();
    text_field("##target-filter", "Filter", live.network.form.targets, ImGui::GetContentRegionAvail().x, false, nullptr,
               "Part of a parameter's name");
    ImGui::BeginChild("list", {0, ui.px(list_height)});
    each_parameter(live.context.state, live.network.form.targets, [&](const std::string& id, const std::string& label) {
        ImGui::PushID(id.c_str());
        if (button("##target", {.text = label, .tooltip = id, .quiet = true, .left = true, .width = 264})) {
            live.connect(source, id);
            ImGui::CloseCurrentPopup();
        }
        ImGui::PopID();
    });
    ImGui::EndChild();
    ImGui::EndPopup();
}

// What came, from where, how often and how long ago.
void draw_row(Live& live, const net::TrafficRow& row, double now) {
    Ui& ui = Ui::current();
    ImGui::PushID((row.address + ' ' + row.from).c_str());
    const bool source = row.kind == net::TrafficKind::source;
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float whole = ImGui::GetContentRegionAvail().x, button_width = source ? 84 : 0;
    const ImU32 colour = row.kind == net::TrafficKind::refused ? theme::bad : theme::text;
    ui.want(row.address);
    draw_text(*ImGui::GetWindowDrawList(), Face::body, {from.x, from.y + ui.px(2)}, colour,
              row.value.empty() ? row.address : row.address + "  " + row.value, whole - ui.px(button_width));
    const double ago = std::max(0.0, now - row.at);
    const char* what = row.kind == net::TrafficKind::parameter ? ", a parameter"
                       : row.kind == net::TrafficKind::refused ? ", refused"
                                                               : "";
    draw_text(*ImGui::GetWindowDrawList(), Face::small, {from.x, from.y + ui.px(20)}, theme::secondary,
              fmt::format("{}, {}, {}{}", row.from,
                          row.count == 1 ? std::string("once") : fmt::format("{} times", row.count),
                          ago < 1.5 ? std::string("now") : fmt::format("{:.0f} s ago", ago), what),
              whole - ui.px(button_width));
    if (source) {
        ImGui::SetCursorScreenPos({from.x + whole - ui.px(button_width - 8), from.y + ui.px(4)});
        const std::string& learning = live.learning();
        const std::string tooltip = learning.empty() ? "Choose the parameter that it moves"
                                                     : "It moves the control that waits for it: " + learning;
        if (button("##connect", {.text = "Connect", .tooltip = tooltip, .active = !learning.empty(), .width = 76})) {
            if (learning.empty()) {
                ImGui::OpenPopup("targets");
            } else {
                live.connect(row.source(), learning);
                live.learn({});
            }
        }
        draw_targets(live, row.source());
    }
    ImGui::SetCursorScreenPos({from.x, from.y + ui.px(40)});
    ImGui::PopID();
}

std::string refused_text(const net::Counts& counts) {
    static constexpr std::array<const char*, net::refusals> texts{
        "malformed",        "of a wrong type",       "no number",     "clamped to the range", "closed",
        "pulled too often", "bundles too far ahead", "came too fast", "connections refused",  "requests refused"};
    std::vector<std::string> some;
    const net::Counts::Values all = counts.all();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i] > 0)
            some.push_back(fmt::format("{} {}", all[i], texts[i]));
    }
    return fmt::format("{}", fmt::join(some, ", "));
}

void draw_traffic(Live& live) {
    NetworkLink& link = live.network;
    NetworkForm& form = link.form;
    const double now = steady_seconds();
    if (now - form.read_at >= read_every) {
        form.rows = link.network.traffic.rows(now);
        form.read_at = now;
    }
    if (!subsection("What comes in", form.list_open, "Addresses of the last minute, from where, and what came last"))
        return;
    if (form.rows.empty())
        paragraph("Nothing has come in the last minute.");
    for (const net::TrafficRow& each : form.rows)
        draw_row(live, each, now);
    const std::uint64_t unlisted = link.network.traffic.unlisted();
    const std::string refused = refused_text(link.network.counts);
    paragraph(fmt::format("{} messages{}{}{}", link.network.counts.messages(), refused.empty() ? "" : "; ", refused,
                          unlisted > 0 ? fmt::format("; {} not listed, for there are too many addresses", unlisted)
                                       : std::string()));
    if (button("##forget-traffic",
               {.text = "Count afresh", .tooltip = "Empties the list and its counts", .quiet = true})) {
        link.network.traffic.clear();
        link.network.counts.clear();
        form.read_at = -1;
    }
}

void draw_closed(NetworkLink& link) {
    NetworkForm& form = link.form;
    std::vector<std::string>& closed = link.context.settings.network.closed_parameters;
    if (!subsection("Open parameters", form.closed_open, "Which of them can be set from the network"))
        return;
    text_field("##closed-filter", "Filter", form.filter, ImGui::GetContentRegionAvail().x, false, nullptr,
               "Part of a parameter's name");
    ImGui::BeginChild("open-parameters", {0, Ui::current().px(list_height)});
    each_parameter(link.context.state, form.filter, [&](const std::string& id, const std::string& label) {
        ImGui::PushID(id.c_str());
        const auto found = std::ranges::find(closed, id);
        bool open = found == closed.end();
        if (toggle("##open-parameter", "It can be set from the network: " + net::osc_path_of(id), open)) {
            if (open)
                closed.erase(found);
            else
                closed.push_back(id);
        }
        beside(label);
        ImGui::PopID();
    });
    ImGui::EndChild();
}

} // namespace

void draw_network_panel(Live& live) {
    draw_closed_note(live);
    NetworkLink& link = live.network;
    NetworkSettings& settings = link.context.settings.network;
    draw_osc(link, settings.options);
    draw_query(link, settings.options);
    draw_artnet(link, settings.options);
    draw_out(link, settings.options);
    if (!link.active())
        return;
    toggle("##network-closed", "Parameters can be looked at from the network, and none can be set", settings.closed);
    beside("Look, don't touch");
    draw_traffic(live);
    draw_closed(link);
}

} // namespace atelier::studio
