// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "studio/core/language.h"
#include "studio/core/learn_menu.h"
#include "studio/shell/panels.h"
#include "studio/toolkit/form_rows.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {
constexpr float top_height = 36;
constexpr float status_height = 24;
constexpr float panel_width = 336;
constexpr float rail_width = 36;
constexpr float train_width = 336;
constexpr float least_picture = 160; // between two open panels

constexpr ImGuiWindowFlags part_flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                        ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav |
                                        ImGuiWindowFlags_NoBringToFrontOnFocus;
} // namespace

float interface_scale(const Studio& studio, double monitor) {
    const double chosen = studio.ui.fixed_scale > 0 ? studio.ui.fixed_scale : studio.settings.interface_scale;
    return static_cast<float>(std::clamp(chosen > 0 ? chosen : monitor, 0.5, 4.0));
}

Layout make_layout(const Studio& studio, ImVec2 display, float scale) {
    const auto px = [scale](float v) { return std::round(v * scale); };
    Layout layout;
    // In a narrow window one of the two panels is open.
    const bool right_open = studio.ui.tab != Tab::perform && !studio.settings.train_folded;
    layout.rail =
        studio.settings.panel_folded || (right_open && display.x < px(panel_width + train_width + least_picture));
    if (studio.state.view.ui_hidden) {
        layout.picture = {0, 0, display.x, display.y};
        return layout;
    }
    layout.top = {0, 0, display.x, px(top_height)};
    layout.status = {0, display.y - px(status_height), display.x, px(status_height)};
    const float strip = px(timeline_height(studio.library));
    layout.timeline = {0, layout.status.y - strip, display.x, strip};
    const float middle = std::max(0.0f, display.y - layout.top.height - layout.status.height - strip);
    layout.left = {0, layout.top.height, std::min(display.x, px(layout.rail ? rail_width : panel_width)), middle};
    if (studio.ui.tab != Tab::perform) {
        layout.train_rail = studio.settings.train_folded;
        const float width =
            std::min(px(layout.train_rail ? rail_width : train_width), std::max(0.0f, display.x - layout.left.width));
        layout.right = {display.x - width, layout.top.height, width, middle};
    }
    layout.picture = {layout.left.width, layout.top.height,
                      std::max(0.0f, display.x - layout.left.width - layout.right.width), middle};
    return layout;
}

namespace {

void part(const char* name, const Box& box, ImU32 ground, ImVec2 padding, auto&& draw) {
    if (box.width <= 0 || box.height <= 0)
        return;
    ImGui::SetNextWindowPos(box.from());
    ImGui::SetNextWindowSize(box.size());
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, padding);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, {1, 1});
    ImGui::PushStyleColor(ImGuiCol_WindowBg, ground);
    ImGui::Begin(name, nullptr, part_flags | ImGuiWindowFlags_NoScrollWithMouse);
    ImGui::PopStyleColor();
    ImGui::PopStyleVar(3);
    draw();
    ImGui::End();
}

} // namespace

void draw_window(Studio& studio, FileChooser& chooser, const Layout& layout) {
    Ui& ui = Ui::current();
    ui.set_look(studio.settings.light ? theme::light : theme::dark, studio.settings.calm);
    const Language& language = language_of(studio.settings.language);
    if (ui.language() != language.code)
        ui.speak(std::string(language.code), translator_of(language));
    for (const FocusMove way : std::exchange(studio.ui.focus_moves, {})) {
        switch (way) {
        case FocusMove::next: ui.reach.go(1); break;
        case FocusMove::previous: ui.reach.go(-1); break;
        case FocusMove::press: ui.reach.press(); break;
        case FocusMove::menu: ui.reach.ask_for_menu(); break;
        }
    }
    if (studio.state.view.ui_hidden)
        studio.ui.section_moves.clear();
    watch_tour(studio);
    part("picture", layout.picture, 0, {0, 0}, [&] { draw_picture_area(studio, layout.picture); });
    if (!studio.state.view.ui_hidden) {
        part("top", layout.top, theme::panel, {ui.px(12), ui.px(4)}, [&] { draw_top_bar(studio, layout.top); });
        part("left", layout.left, theme::panel, {0, 0}, [&] { draw_left_panel(studio, layout.left, layout.rail); });
        part("right", layout.right, theme::panel, {0, 0}, [&] { draw_right_panel(studio, layout); });
        part("timeline", layout.timeline, theme::panel, {0, 0},
             [&] { draw_timeline(studio.library, layout.timeline); });
        part("status", layout.status, theme::background, {ui.px(12), 0},
             [&] { draw_status_line(studio, layout.status); });
    }
    draw_stats_overlay(studio, layout.picture);
    Box free = layout.picture;
    if (shows_data_large(studio.dataset)) // what stands below is read while toasts come
        free.height -= ui.px(data_foot_height);
    draw_toasts(studio, free);
    draw_tour(studio, layout);
    for (const auto& draw_dialog : studio.features().dialogs)
        draw_dialog();
    chooser.draw(studio);
    draw_settings_dialog(studio);
    draw_closing_dialog(studio);
    draw_help(studio);
    draw_log(studio);
    studio.ui.number_typed = ui.typing != 0;
    studio.ui.enter = false;
    studio.ui.arrows = {};
    studio.ui.hand_down = ImGui::IsAnyItemActive() || studio.ui.arrow_held > 0;
    if (!studio.ui.hand_down)
        studio.ui.held.reset();
}

void draw_right_panel(Studio& studio, const Layout& layout) {
    for (const TabPart& each : studio.features().tabs) {
        if (each.tab == studio.ui.tab)
            layout.train_rail ? each.draw_rail() : each.draw(layout.right);
    }
}

namespace {

void unfold_left(Studio& studio) {
    if (!studio.settings.panel_folded) // it gave way to the right one
        studio.settings.train_folded = true;
    studio.settings.panel_folded = false;
}

// Which page of the left panel is seen, and the button that folds it.
void draw_pages(Studio& studio, const Box& box, bool roomy) {
    static constexpr Choice pages[] = {{"Play", "What makes the picture: walk, mix, look, presets (L)"},
                                       {"Live", "What a show is set up with: cues, connections, clock, devices, "
                                                "network, projector (L)"}};
    Ui& ui = Ui::current();
    constexpr float side = 16;
    ImGui::SetCursorPos({ui.px(side), ui.px(roomy ? 12 : 3)});
    int page = studio.settings.live_page ? 1 : 0;
    if (segmented("left-page", pages, page, box.width / ui.scale() - 2 * side - fold_room))
        studio.settings.live_page = page == 1;
    ImGui::SameLine(0, ui.px(fold_room - theme::control));
    fold_button({"##fold", Icon::chevron_left, "Ctrl+L", studio.settings.panel_folded});
}

} // namespace

void draw_left_panel(Studio& studio, const Box& box, bool rail) {
    Ui& ui = Ui::current();
    if (!studio.ui.section_moves.empty()) {
        if (rail)
            unfold_left(studio);
        for (const int by : std::exchange(studio.ui.section_moves, {}))
            go_to_section(studio.settings, studio.ui.sections, studio.left_sections(), by);
        studio.settings.live_page = studio.on_live_page(studio.ui.sections.current);
    }
    if (rail) {
        ImGui::SetCursorPos({ui.px(4), ui.px(8)});
        if (button("##unfold",
                   {.icon = Icon::chevron_right, .tooltip = "Unfold the panel", .key = "Ctrl+L", .quiet = true}))
            unfold_left(studio);
        ImGui::SetCursorPos({ui.px(4), ui.px(44)});
        const bool playing = studio.state.walk.playing;
        trigger_button(studio, "##play", "transport.play",
                       {.icon = playing ? Icon::pause : Icon::play,
                        .tooltip = playing ? "Pause the walk" : "Play the walk",
                        .active = playing,
                        .quiet = true});
        ImGui::SetCursorPos({ui.px(4), ui.px(80)});
        trigger_button(studio, "##new", "transport.next_seed", {.icon = Icon::dice, .quiet = true});
        return;
    }
    // All of it fits into 720 px; a taller window gives it air.
    const bool roomy = box.height > ui.px(780);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(16), ui.px(roomy ? 6 : 0)});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ui.px(8), ui.px(roomy ? 8 : 4)});
    draw_pages(studio, box, roomy);
    const float head = ImGui::GetCursorPosY();
    const bool live = studio.settings.live_page; // each page stays where it was scrolled to
    ImGui::BeginChild(live ? "live-sections" : "sections", {box.width, box.height - head}, false,
                      ImGuiWindowFlags_AlwaysUseWindowPadding | ImGuiWindowFlags_NoNav);
    draw_sections(studio.settings, studio.ui.sections, studio.left_sections(live ? LeftPage::live : LeftPage::play),
                  nullptr, roomy ? 20 : 3);
    ImGui::EndChild();
    ImGui::PopStyleVar(2);
}

} // namespace atelier::studio
