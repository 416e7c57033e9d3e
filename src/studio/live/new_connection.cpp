// SPDX-License-Identifier: Apache-2.0
// A new connection by hand: any source to any parameter, by a search.
#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "studio/live/live.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace {

constexpr std::size_t most_found = 8;

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

// Every word of the search is in the id or the label.
bool matches(const std::string& id, const std::string& label, const std::string& search) {
    const std::string text = lower(id + " " + label);
    std::size_t from = 0;
    while (from < search.size()) {
        const std::size_t space = std::min(search.find(' ', from), search.size());
        if (text.find(search.substr(from, space - from)) == std::string::npos)
            return false;
        from = space + 1;
    }
    return true;
}

struct Found {
    std::string id, label;
};

std::vector<Found> search_targets(const Scene& scene, const std::string& words) {
    std::vector<Found> out;
    const std::string search = lower(words);
    for (const ParameterRef which : parameters_of(scene)) {
        if (!which->has_value() && which->scale != Scale::trigger)
            continue; // of the program's settings
        Found each{id_of(scene, which), label_of(scene, which)};
        const std::string said(Ui::current().say(each.label)); // what stands there is searched, and English
        if (matches(each.id, each.label + " " + said, search))
            out.push_back(std::move(each));
        if (out.size() == most_found)
            break;
    }
    return out;
}

void draw_heard(Live& live) {
    Ui& ui = Ui::current();
    if (live.heard().empty()) {
        paragraph("Nothing has come in yet.");
        return;
    }
    std::size_t shown = 0;
    for (const SourceReading& each : live.heard()) {
        ui.want(each.source);
        if (button(each.source.c_str(), {.text = fmt::format("{}  {:.2f}", each.source, each.value),
                                         .tooltip = "Take this source",
                                         .active = each.source == live.form.source,
                                         .quiet = true,
                                         .left = true,
                                         .width = 300}))
            live.form.source = each.source;
        if (++shown == most_found)
            break;
    }
}

} // namespace

void draw_new_connection(Live& live) {
    Ui& ui = Ui::current();
    if (button("##connect-new", {.icon = Icon::plus,
                                 .text = "Connect",
                                 .tooltip = "A source and a parameter, by name: what has come in lately stands there"}))
        open_menu("new-connection");
    ImGui::SetNextWindowSize({ui.px(324), 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(12), ui.px(12)});
    if (ImGui::BeginPopup("new-connection")) {
        if (ui.close_popups)
            ImGui::CloseCurrentPopup();
        label("Source");
        text_field("##new-source", "As midi/DEVICE/1/cc/7, audio/bass", live.form.source, ui.px(300));
        draw_heard(live);
        gap(6);
        label("Parameter");
        text_field("##new-target", "Words of its name: psi, weight, preset ...", live.form.filter, ui.px(300));
        for (const Found& each : search_targets(live.context.state, live.form.filter)) {
            ui.want(each.label);
            if (button(each.id.c_str(), {.text = fmt::format("{}  {}", each.label, each.id),
                                         .tooltip = each.id,
                                         .enabled = !live.form.source.empty(),
                                         .quiet = true,
                                         .left = true,
                                         .width = 300})) {
                live.connect(live.form.source, each.id);
                ImGui::CloseCurrentPopup();
            }
        }
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar();
}

} // namespace atelier::studio
