// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <initializer_list>

#include "studio/shell/panels.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

constexpr std::size_t none = ~std::size_t{0};

struct Row {
    const char* keys;
    const char* text;
};

void line(float key_width, Row row) {
    Ui& ui = Ui::current();
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float height = ui.px(20);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float y = from.y + (height - measure(Face::body, "X").y) / 2;
    draw_text(list, Face::strong, {from.x, y}, theme::text, row.keys);
    const ImVec2 text_from{from.x + key_width, y}, size = measure(Face::body, row.text);
    const float room = width - key_width;
    draw_text(list, Face::body, text_from, theme::secondary, row.text, room);
    ui.mark(std::string("@") + row.text, text_from, {text_from.x + room, y + size.y}, true);
    ui.mark_text(row.text, size.x, room);
    ImGui::Dummy({width, height});
}

void heading(const char* title) {
    label(title, theme::secondary, Face::label);
    gap(5);
}

void key_group(const KeyGroup& group) {
    heading(group.title);
    for (const Binding& binding : group.bindings) {
        if (binding.keys[0] != '\0')
            line(Ui::current().px(118), {binding.keys, binding.text});
    }
    gap(14);
}

void gestures(const char* title, std::initializer_list<Row> rows) {
    heading(title);
    for (const Row& row : rows)
        line(Ui::current().px(126), row);
    gap(14);
}

void take_tour(Studio& studio) {
    if (button("##tour", {.icon = Icon::play, .text = "Take the tour", .tooltip = "Five steps through the studio"})) {
        studio.ui.dialog = Dialog::none;
        begin_tour(studio);
    }
}

void mouse_on_picture() {
    gestures("ON THE PICTURE", {{"Left drag", "wander from seed to seed"},
                                {"Middle drag", "move the picture"},
                                {"Wheel", "zoom"},
                                {"Drop a model", "open it"},
                                {"Drop a folder", "train on it; Data: add it"}});
}

void mouse_on_controls() {
    gestures("ON A CONTROL", {{"Drag", "set the value; Shift: finely"},
                              {"Ctrl + click", "type a value"},
                              {"Right click", "reset, and more"},
                              {"Arrow keys", "nudge the last one; Shift: by ten"}});
}

void mouse_on_seeds() {
    gestures("ON A SEED", {{"Click", "go there, or choose"},
                           {"Drag", "another place in the loop"},
                           {"Right click", "replace or remove"}});
}

// The groups of the keys in each column, by their place in the table.
constexpr std::array<std::array<std::size_t, 3>, 3> columns{{{0, 1, 3}, {2, 4, none}, {6, 5, none}}};

} // namespace

void draw_help(Studio& studio) {
    if (!begin_dialog(studio.ui, Dialog::help, "Keys and gestures", {1160, 688}))
        return;
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    const float whole = ImGui::GetContentRegionAvail().x;
    const bool narrow = whole < Ui::current().px(1000); // one column then, which scrolls
    const float width = narrow ? whole : std::floor(whole / static_cast<float>(columns.size()));
    if (narrow)
        ImGui::BeginChild("column", {whole, 0}, false, ImGuiWindowFlags_NoNav);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (i > 0 && !narrow)
            ImGui::SameLine(0, 0);
        ImGui::PushID(static_cast<int>(i));
        if (!narrow)
            ImGui::BeginChild("column", {width, 0}, false, ImGuiWindowFlags_NoNav);
        for (const std::size_t group : columns[i]) {
            if (group != none)
                key_group(studio.keys().groups()[group]);
        }
        if (i == 1)
            mouse_on_picture();
        if (i + 1 == columns.size()) {
            mouse_on_controls();
            mouse_on_seeds();
            take_tour(studio);
        }
        if (!narrow)
            ImGui::EndChild();
        ImGui::PopID();
    }
    if (narrow)
        ImGui::EndChild();
    ImGui::PopStyleVar();
    end_dialog();
}

} // namespace atelier::studio
