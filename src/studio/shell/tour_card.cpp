// SPDX-License-Identifier: Apache-2.0
// The tour's card beside the controls that it outlines.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "studio/shell/panels.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

constexpr float card_width = 336;
constexpr float padding = 20;

// All of the outlined controls; empty when none was drawn.
Box outline(Ui& ui) {
    Box whole;
    ImDrawList& list = *ImGui::GetForegroundDrawList();
    for (const Ui::Mark& mark : ui.watched()) {
        const float air = ui.px(4);
        const ImVec2 from{mark.from.x - air, mark.from.y - air}, to{mark.to.x + air, mark.to.y + air};
        list.AddRect(from, to, theme::accent, ui.px(8), 0, std::max(1.5f, 2 * ui.scale()));
        if (whole.width <= 0) {
            whole = {from.x, from.y, to.x - from.x, to.y - from.y};
            continue;
        }
        const float right = std::max(whole.x + whole.width, to.x), bottom = std::max(whole.y + whole.height, to.y);
        whole.x = std::min(whole.x, from.x);
        whole.y = std::min(whole.y, from.y);
        whole.width = right - whole.x;
        whole.height = bottom - whole.y;
    }
    return whole;
}

// Under what stands in the top bar, at the right of what stands in the left panel.
ImVec2 card_place(const Layout& layout, const Box& control, ImVec2 size, float air) {
    const ImVec2 display = ImGui::GetIO().DisplaySize;
    ImVec2 at{layout.picture.x + air, control.y};
    if (control.width <= 0) {
        at = {(display.x - size.x) / 2, (display.y - size.y) / 2};
    } else if (control.y < layout.top.height) {
        at = {control.x + control.width / 2 - size.x / 2, layout.top.height + air};
    }
    return {std::round(std::clamp(at.x, air, std::max(air, display.x - size.x - air))),
            std::round(std::clamp(at.y, air, std::max(air, display.y - size.y - air)))};
}

void buttons(Studio& studio, float y, float width) {
    Ui& ui = Ui::current();
    const bool first = studio.tour.step == 0;
    const bool last = studio.tour.step + 1 == tour_steps().size();
    ImGui::SetCursorPos({ui.px(padding) - ui.px(8), y});
    if (button("##tour_skip",
               {.text = "Skip", .tooltip = "End the tour; the help (F1) has it again", .key = "Esc", .quiet = true}))
        end_tour(studio);
    ImGui::SetCursorPos({width - ui.px(padding) - ui.px(76 + 8 + 76), y});
    if (button("##tour_back",
               {.text = "Back", .tooltip = "The step before", .key = "Left", .enabled = !first, .width = 76}))
        previous_tour_step(studio);
    ImGui::SetCursorPos({width - ui.px(padding) - ui.px(76), y});
    if (button("##tour_next", {.text = last ? "Done" : "Next",
                               .tooltip = last ? "End the tour" : "The next step",
                               .key = "Right or Enter",
                               .primary = true,
                               .width = 76}))
        next_tour_step(studio);
}

} // namespace

void watch_tour(Studio& studio) {
    if (std::exchange(studio.tour.begin_here, false))
        begin_tour(studio);
    const TourStep* step = tour_step(studio);
    Ui::current().watch(step ? std::span<const char* const>(step->controls) : std::span<const char* const>());
}

void draw_tour(Studio& studio, const Layout& layout) {
    const TourStep* step = tour_step(studio);
    if (!step)
        return;
    Ui& ui = Ui::current();
    const float width = ui.px(card_width), text_width = width - 2 * ui.px(padding);
    ImFont* body = ui.face(Face::body);
    const std::string said(ui.say(step->text));
    const float text = body->CalcTextSizeA(body->FontSize, 1e6f, text_width, said.c_str()).y;
    const float title = measure(Face::title, step->title).y, count = measure(Face::small, "0").y;
    const float height = ui.px(padding) * 2 + count + ui.px(4) + title + ui.px(8) + text + ui.px(18 + theme::control);
    ImGui::SetNextWindowPos(card_place(layout, outline(ui), {width, height}, ui.px(16)));
    ImGui::SetNextWindowSize({width, height});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(padding), ui.px(padding)});
    ImGui::PushStyleColor(ImGuiCol_WindowBg, theme::raised);
    ImGui::Begin("tour", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoFocusOnAppearing);
    ImGui::PopStyleColor();
    ImGui::PopStyleVar();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 from = ImGui::GetCursorScreenPos();
    float y = from.y;
    draw_text(list, Face::small, {from.x, y}, theme::secondary,
              fmt::format("{} of {}", studio.tour.step + 1, tour_steps().size()));
    y += count + ui.px(4);
    draw_text(list, Face::title, {from.x, y}, theme::text, step->title, text_width);
    y += title + ui.px(8);
    list.AddText(body, body->FontSize, {from.x, y}, theme::text, said.c_str(), nullptr, text_width);
    buttons(studio, height - ui.px(padding + theme::control), width);
    ImGui::End();
}

} // namespace atelier::studio
