// SPDX-License-Identifier: Apache-2.0
#include "studio/capture/projector_panel.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_internal.h>

#include "studio/toolkit/form_rows.h"

namespace atelier::studio {

// Where the output stands in the panel, in window pixels, and around it what a corner can reach beyond it.
struct PinArea {
    ImVec2 from, size; // of the output itself
    ImVec2 place(PinPoint at) const {
        return {from.x + size.x * static_cast<float>(at.x), from.y + size.y * static_cast<float>(at.y)};
    }
};

namespace {

constexpr float label_width = 80, handle_side = 20;
constexpr double widest = 2.4, narrowest = 1; // of the output as it is drawn here; others are drawn as these
constexpr double nudge = 0.005, fine = 0.1;   // of the output; with Shift
constexpr int grid = 4;                       // lines that show how the picture lies

struct CornerName {
    const char *id, *name;
};
constexpr std::array<CornerName, 4> names{{{"pin-upper-left", "Upper left"},
                                           {"pin-upper-right", "Upper right"},
                                           {"pin-lower-right", "Lower right"},
                                           {"pin-lower-left", "Lower left"}}};

PinArea area_of(const Output& output, ImVec2 from, float width) {
    const double ratio = output.width > 0 && output.height > 0
                             ? std::clamp(1.0 * output.width / output.height, narrowest, widest)
                             : 16.0 / 9;
    const auto margins = static_cast<float>(1 + 2 * most_outside), outside = static_cast<float>(most_outside);
    const ImVec2 size{width / margins, static_cast<float>(static_cast<double>(width / margins) / ratio)};
    return {{from.x + size.x * outside, from.y + size.y * outside}, size};
}

void draw_picture(const CornerPin& pin, const PinArea& area) {
    Ui& ui = Ui::current();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 to{area.from.x + area.size.x, area.from.y + area.size.y};
    list.AddRectFilled(area.from, to, theme::background);
    const auto& c = pin.corners;
    list.AddQuadFilled(area.place(c[0]), area.place(c[1]), area.place(c[2]), area.place(c[3]),
                       theme::faded(theme::accent, 0.16f));
    const Homography map = homography_of(pin).value_or(Homography{});
    const auto line = [&](PinPoint a, PinPoint b) {
        const auto from = mapped(map, a), end = mapped(map, b);
        if (from && end)
            list.AddLine(area.place(*from), area.place(*end), theme::faded(theme::accent, 0.45f), ui.px(1));
    };
    for (int i = 0; i <= grid; ++i) {
        const double part = static_cast<double>(i) / grid;
        line({part, 0}, {part, 1});
        line({0, part}, {1, part});
    }
    list.AddRect(area.from, to, theme::secondary, 0, 0, ui.px(1));
}

bool draw_colour(OutputColour& colour) {
    const OutputColour before = colour;
    slider("output-brightness",
           {.label = "Brightness",
            .min = -0.5,
            .max = 0.5,
            .tooltip = "Added to what this monitor shows; recordings and saved pictures don't have it",
            .label_width = label_width},
           colour.brightness);
    slider("output-contrast",
           {.label = "Contrast",
            .min = 0,
            .max = 2,
            .standard = 1,
            .origin = 1,
            .tooltip = "About the middle grey, on this monitor alone",
            .label_width = label_width},
           colour.contrast);
    slider("output-gamma",
           {.label = "Gamma",
            .min = 0.25,
            .max = 4,
            .standard = 1,
            .logarithmic = true,
            .origin = 1,
            .tooltip = "Above 1 the middle is lighter; black and white stay",
            .label_width = label_width},
           colour.gamma);
    constexpr std::array<const char*, 3> ids{"output-red", "output-green", "output-blue"},
        labels{"Red", "Green", "Blue"};
    for (std::size_t i = 0; i < ids.size(); ++i) {
        slider(ids[i],
               {.label = labels[i],
                .min = 0,
                .max = 2,
                .standard = 1,
                .origin = 1,
                .tooltip = "How much of this colour the monitor gets",
                .label_width = label_width},
               colour.gain[i]);
    }
    colour = within_ranges(colour);
    return colour != before;
}

} // namespace

bool ProjectorPanel::handle(CornerPin& pin, std::size_t corner, const PinArea& area, Arrows arrows) {
    Ui& ui = Ui::current();
    const auto& [id, name] = names.at(corner);
    const CornerPin before = pin;
    PinPoint& at = pin.corners.at(corner);
    const ImVec2 middle = area.place(at);
    const float side = ui.px(handle_side);
    const ImVec2 from{middle.x - side / 2, middle.y - side / 2}, to{from.x + side, from.y + side};
    ImGui::SetCursorScreenPos(from);
    ImGui::InvisibleButton(id, {side, side});
    const ImGuiID self = ImGui::GetItemID();
    const bool hovered = ImGui::IsItemHovered(), held = ImGui::IsItemActive();
    ui.mark(id, from, to, true);
    ui.reach.control(self, from, to);
    const ImGuiIO& io = ImGui::GetIO();
    if (ImGui::IsItemActivated()) {
        ui.touch(self);
        hand_ = at;
    } else if (held && (io.MouseDelta.x != 0 || io.MouseDelta.y != 0)) {
        const double by = io.KeyShift ? fine : 1;
        hand_.x += by * static_cast<double>(io.MouseDelta.x / area.size.x);
        hand_.y += by * static_cast<double>(io.MouseDelta.y / area.size.y);
        pin = with_corner(pin, corner, hand_);
    }
    if (self == ui.touched() && ui.reach.free() && (arrows.x != 0 || arrows.y != 0)) {
        const double step = nudge * (io.KeyShift ? fine : 1);
        pin = with_corner(pin, corner, {at.x + step * arrows.x, at.y + step * arrows.y});
    }
    if (hovered)
        ui.tooltip(self, fmt::format("{} corner, at {:.2f} % and {:.2f} % of the output. Drag it, with Shift finely; "
                                     "the arrow keys move the corner that was touched last",
                                     name, at.x * 100, at.y * 100));
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 now = area.place(at);
    const bool lit = hovered || held || self == ui.touched();
    list.AddCircleFilled(now, ui.px(6), lit ? theme::accent_hover : theme::text, 24);
    list.AddCircle(now, ui.px(6), theme::background, 24, ui.px(1));
    return pin != before;
}

bool ProjectorPanel::draw_corners(CornerPin& pin, Arrows arrows) {
    const ImVec2 from = ImGui::GetCursorScreenPos();
    // A handle at the very edge of what can be reached has its room, too.
    const float rim = Ui::current().px(handle_side / 2), width = ImGui::GetContentRegionAvail().x;
    const PinArea area = area_of(output_, {from.x + rim, from.y + rim}, width - 2 * rim);
    draw_picture(pin, area);
    bool changed = false;
    for (std::size_t corner = 0; corner < names.size(); ++corner)
        changed |= handle(pin, corner, area, arrows);
    ImGui::SetCursorScreenPos(from);
    ImGui::Dummy({width, area.size.y * static_cast<float>(1 + 2 * most_outside) + 2 * rim});
    return changed;
}

void ProjectorPanel::draw(Arrows arrows) {
    const std::string monitor = output_monitor(output_, settings_.output_monitor);
    if (monitor.empty()) {
        output_.monitors_wanted = true;
        paragraph("No monitor is known that the output window could fill.");
        return;
    }
    Ui::current().want(monitor);
    paragraph(fmt::format("How the output window (O) fits {}. Recordings, exports and saved pictures stay as they are.",
                          monitor));
    ProjectorSettings projector = projector_of(settings_.projectors, monitor);
    bool changed = draw_corners(projector.pin, arrows);
    if (button("##card", {.text = "Test card",
                          .tooltip = "Grid, circle, corners and greys in the output window in place of the picture, "
                                     "until it closes",
                          .active = output_.card}))
        output_.card = !output_.card;
    ImGui::SameLine(0, Ui::current().px(8));
    if (button("##reset-corners", {.text = "Reset corners",
                                   .tooltip = "The whole monitor, as it was before",
                                   .enabled = !projector.pin.untouched()})) {
        projector.pin = {};
        changed = true;
    }
    gap(4);
    changed |= draw_colour(projector.colour);
    if (!projector.colour.neutral() && button("##reset-colour", {.text = "Reset colours",
                                                                 .tooltip = "Light and colour of this monitor back to "
                                                                            "where they change nothing"})) {
        projector.colour = {};
        changed = true;
    }
    if (!changed)
        return;
    if (projector.untouched())
        settings_.projectors.erase(monitor);
    else
        settings_.projectors[monitor] = projector;
}

FeatureUi ui_of(ProjectorPanel& panel, const UiState& ui) {
    FeatureUi parts;
    parts.sections = {{80,
                       {.title = projector_section, .draw = [&panel, &ui] { panel.draw(ui.arrows); }, .open = false},
                       LeftPage::live}};
    return parts;
}

} // namespace atelier::studio
