// SPDX-License-Identifier: Apache-2.0
#include "studio/keys.h"
#include "studio/panels/panels.h"
#include "studio/widgets.h"

namespace atelier::studio {
namespace {

void line(float key_width, std::string_view key, std::string_view text) {
    Ui& ui = Ui::current();
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float height = ui.px(23);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float y = from.y + (height - measure(Face::body, "X").y) / 2;
    draw_text(list, Face::strong, {from.x, y}, theme::text, key);
    draw_text(list, Face::body, {from.x + key_width, y}, theme::secondary, text);
    ImGui::Dummy({ImGui::GetContentRegionAvail().x, height});
}

} // namespace

void draw_help(Studio& studio) {
    if (!begin_dialog(studio, Dialog::help, "Keys and gestures", {800, 672}))
        return;
    Ui& ui = Ui::current();
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    const float half = std::floor(ImGui::GetContentRegionAvail().x / 2);
    ImGui::BeginChild("keys", {half, 0}, false, ImGuiWindowFlags_NoNav);
    label("KEYS", theme::secondary, Face::label);
    gap(10);
    for (const Shortcut& shortcut : shortcuts())
        line(ui.px(104), shortcut.keys, shortcut.text);
    ImGui::EndChild();
    ImGui::SameLine(0, 0);
    ImGui::BeginChild("mouse", {0, 0}, false, ImGuiWindowFlags_NoNav);
    const float column = ui.px(132);
    label("ON THE PICTURE", theme::secondary, Face::label);
    gap(10);
    line(column, "Left drag", "wander from seed to seed");
    line(column, "Middle drag", "move the picture");
    line(column, "Wheel", "zoom");
    line(column, "Drop a model", "open it");
    line(column, "Drop a folder", "train on its pictures");
    gap(18);
    label("ON A CONTROL", theme::secondary, Face::label);
    gap(10);
    line(column, "Drag", "set the value");
    line(column, "Shift + drag", "set it finely");
    line(column, "Ctrl + click", "type a value");
    line(column, "Right click", "reset");
    line(column, "Arrow keys", "nudge the last one");
    gap(18);
    label("ON A SEED", theme::secondary, Face::label);
    gap(10);
    line(column, "Click", "go there, or choose");
    line(column, "Drag", "another place in the loop");
    line(column, "Right click", "replace or remove");
    ImGui::EndChild();
    ImGui::PopStyleVar();
    end_dialog();
}

} // namespace atelier::studio
