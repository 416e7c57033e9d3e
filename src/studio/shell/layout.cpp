// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "studio/controls/oscillators_panel.h"
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

constexpr ImGuiWindowFlags part_flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                        ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav |
                                        ImGuiWindowFlags_NoBringToFrontOnFocus;
} // namespace

Layout make_layout(const Studio& studio, ImVec2 display, float scale) {
    const auto px = [scale](float v) { return std::round(v * scale); };
    Layout layout;
    layout.rail = studio.settings.panel_folded;
    if (studio.state.view.ui_hidden) {
        layout.picture = {0, 0, display.x, display.y};
        return layout;
    }
    layout.top = {0, 0, display.x, px(top_height)};
    layout.status = {0, display.y - px(status_height), display.x, px(status_height)};
    const float strip = px(timeline_height(studio));
    layout.timeline = {0, layout.status.y - strip, display.x, strip};
    const float middle = std::max(0.0f, display.y - layout.top.height - layout.status.height - strip);
    layout.left = {0, layout.top.height, px(layout.rail ? rail_width : panel_width), middle};
    if (studio.tab != Tab::perform) {
        layout.train_rail = studio.settings.train_folded;
        const float width =
            std::min(px(layout.train_rail ? rail_width : train_width), std::max(0.0f, display.x - layout.left.width));
        layout.right = {display.x - width, layout.top.height, width, middle};
    }
    layout.picture = {layout.left.width, layout.top.height,
                      std::max(0.0f, display.x - layout.left.width - layout.right.width), middle};
    return layout;
}

Box place_picture(const ViewState& view, const Box& box, int width, int height) {
    if (width <= 0 || height <= 0)
        return {};
    const auto w = static_cast<float>(width);
    const auto h = static_cast<float>(height);
    const float margin = view.ui_hidden ? 0 : std::min(box.width, box.height) * 0.025f;
    const float fit = std::max(0.01f, std::min((box.width - 2 * margin) / w, (box.height - 2 * margin) / h));
    float scale = fit * static_cast<float>(view.zoom);
    if (view.pixels && scale >= 1)
        scale = std::floor(scale);
    const float placed_w = std::round(w * scale), placed_h = std::round(h * scale);
    const float middle_x = box.x + box.width / 2 + static_cast<float>(view.pan_x) * placed_w;
    const float middle_y = box.y + box.height / 2 + static_cast<float>(view.pan_y) * placed_h;
    return {std::round(middle_x - placed_w / 2), std::round(middle_y - placed_h / 2), placed_w, placed_h};
}

Box place_output(const ViewState& view, int window_width, int window_height, int width, int height) {
    ViewState alone;
    alone.pixels = view.pixels;
    alone.ui_hidden = true;
    return place_picture(alone, {0, 0, static_cast<float>(window_width), static_cast<float>(window_height)}, width,
                         height);
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

void draw_window(Studio& studio, const Layout& layout) {
    Ui& ui = Ui::current();
    for (const Studio::FocusMove way : std::exchange(studio.focus_moves, {})) {
        switch (way) {
        case Studio::FocusMove::next: ui.reach.go(1); break;
        case Studio::FocusMove::previous: ui.reach.go(-1); break;
        case Studio::FocusMove::press: ui.reach.press(); break;
        case Studio::FocusMove::menu: ui.reach.ask_for_menu(); break;
        }
    }
    watch_tour(studio);
    part("picture", layout.picture, 0, {0, 0}, [&] { draw_picture_area(studio, layout.picture); });
    if (!studio.state.view.ui_hidden) {
        part("top", layout.top, theme::panel, {ui.px(12), ui.px(4)}, [&] { draw_top_bar(studio, layout.top); });
        part("left", layout.left, theme::panel, {0, 0}, [&] { draw_left_panel(studio, layout.left, layout.rail); });
        part("right", layout.right, theme::panel, {0, 0}, [&] { draw_right_panel(studio, layout); });
        part("timeline", layout.timeline, theme::panel, {0, 0}, [&] { draw_timeline(studio, layout.timeline); });
        part("status", layout.status, theme::background, {ui.px(12), 0},
             [&] { draw_status_line(studio, layout.status); });
    }
    draw_performance(studio, layout.picture);
    Box free = layout.picture;
    if (shows_data_large(studio)) // what stands below is read while toasts come
        free.height -= ui.px(data_foot_height);
    draw_toasts(studio, free);
    draw_tour(studio, layout);
    draw_open_dialog(studio);
    draw_seed_picker(studio);
    draw_export_dialog(studio);
    draw_perform_dialog(studio);
    draw_record_dialog(studio);
    draw_settings_dialog(studio);
    draw_closing_dialog(studio);
    draw_session_dialog(studio);
    draw_recover_dialog(studio);
    draw_latents_dialog(studio);
    draw_mix_dialog(studio);
    draw_prepare_dialog(studio);
    draw_help(studio);
    draw_log(studio);
    studio.enter = false;
    studio.arrows = {};
    studio.document.hand_down = ImGui::IsAnyItemActive() || studio.arrow_held > 0;
}

void draw_right_panel(Studio& studio, const Layout& layout) {
    if (studio.tab == Tab::data) {
        layout.train_rail ? draw_data_rail(studio) : draw_data_panel(studio, layout.right);
    } else {
        layout.train_rail ? draw_train_rail(studio) : draw_train_panel(studio, layout.right);
    }
}

void draw_left_panel(Studio& studio, const Box& box, bool rail) {
    Ui& ui = Ui::current();
    if (rail) {
        ImGui::SetCursorPos({ui.px(4), ui.px(8)});
        if (button("##unfold",
                   {.icon = Icon::chevron_right, .tooltip = "Unfold the panel", .key = "Ctrl+L", .quiet = true}))
            studio.settings.panel_folded = false;
        ImGui::SetCursorPos({ui.px(4), ui.px(44)});
        const bool playing = studio.state.walk.playing;
        if (button("##play", {.icon = playing ? Icon::pause : Icon::play,
                              .tooltip = playing ? "Pause the walk" : "Play the walk",
                              .key = "Space",
                              .active = playing,
                              .quiet = true}))
            studio.toggle_play();
        ImGui::SetCursorPos({ui.px(4), ui.px(80)});
        if (button("##new", {.icon = Icon::dice, .tooltip = "New random seed", .key = "N", .quiet = true}))
            studio.new_random_seed();
        return;
    }
    // All of it fits into 720 px; a taller window gives it air.
    const bool roomy = box.height > ui.px(780);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(16), ui.px(roomy ? 12 : 6)});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ui.px(8), ui.px(roomy ? 8 : 5)});
    ImGui::BeginChild("sections", box.size(), false, ImGuiWindowFlags_AlwaysUseWindowPadding | ImGuiWindowFlags_NoNav);
    const PanelSection sections[] = {{"WALK", draw_walk_panel},
                                     {"TRUNCATION", draw_truncation_panel},
                                     {.title = "MIX", .draw = draw_mix_panel, .beside = draw_mix_sheet_button},
                                     {"NOISE", draw_noise_panel},
                                     {.title = "PRESETS", .draw = draw_presets_panel, .open = false},
                                     {.title = "STARRED", .draw = draw_stars_panel, .open = false},
                                     {.title = "DIRECTIONS", .draw = draw_directions_panel, .open = false},
                                     {.title = "OSCILLATE", .draw = draw_oscillators_panel, .open = false}};
    if (studio.state.timeline.on)
        paragraph("The timeline drives the picture. Shift+Esc leads back to what is set here.", theme::accent);
    draw_sections(studio, sections, {"##fold", Icon::chevron_left, "Ctrl+L", studio.settings.panel_folded},
                  roomy ? 20 : 4);
    ImGui::EndChild();
    ImGui::PopStyleVar(2);
}

bool panel_section(Studio& studio, const char* title, float room, bool standard) {
    bool open = studio.settings.is_open(title, standard);
    const bool before = open;
    section(title, open, room);
    if (open != before)
        studio.settings.folds[title] = open;
    return open;
}

void draw_sections(Studio& studio, std::span<const PanelSection> sections, const PanelFold& fold, float space) {
    constexpr float fold_room = 32;
    bool first = true;
    for (const PanelSection& each : sections) {
        if (!each.shown)
            continue;
        ImGui::PushID(each.title);
        const bool beside = each.beside && studio.settings.is_open(each.title, each.open);
        const bool open = panel_section(studio, each.title, first ? fold_room : beside ? beside_room : 0, each.open);
        if (std::exchange(first, false)) {
            ImGui::SameLine(0, Ui::current().px(fold_room - theme::control));
            if (button(fold.id, {.icon = fold.icon, .tooltip = "Fold the panel", .key = fold.key, .quiet = true}))
                fold.folded = true;
        }
        if (open && beside) {
            ImGui::SameLine(0, 0);
            each.beside(studio);
        }
        if (open)
            each.draw(studio);
        ImGui::PopID();
        gap(space);
    }
}

std::string seed_tooltip(std::uint32_t seed, const char* hint) {
    return hint && *hint ? fmt::format("Seed {}. {}", seed, hint) : fmt::format("Seed {}", seed);
}

std::string time_text(double seconds) {
    const auto s = static_cast<long>(std::max(0.0, seconds));
    if (s >= 3600)
        return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
    return fmt::format("{}:{:02}", s / 60, s % 60);
}

} // namespace atelier::studio
