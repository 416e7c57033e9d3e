// SPDX-License-Identifier: Apache-2.0
// The bar at the top. In a narrow window it folds: first buttons lose their text, then the lesser ones go into a menu.
#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <imgui_internal.h>

#include "studio/core/learn_menu.h"
#include "studio/shell/panels.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

// Buttons are laid from the right edge inwards.
class RightEdge {
public:
    explicit RightEdge(float right) : right_(right) {}
    void place(float width) {
        right_ -= width;
        ImGui::SetCursorPos({right_, Ui::current().px(4)});
        right_ -= Ui::current().px(6);
    }
    float left() const { return right_; }

private:
    float right_;
};

// How far the bar is folded, so that all of it has room.
enum class Fold { none, icons, menu, least };

// Widths of what the bar holds, 96 dpi pixels.
constexpr float small = 28, air = 6, rate_width = 64, least_name = 40, size_room = 74, own_name = 72, open_width = 84;
constexpr float record_width_of(Fold fold) {
    return fold == Fold::none ? 138.0f : fold == Fold::least ? small : 84.0f;
}
// Kept free beside the tabs for the tempo.
constexpr float tempo_room(Fold fold) {
    return fold <= Fold::icons ? tempo_bar_width : fold == Fold::menu ? 84.0f : 0.0f;
}

// A button that is drawn in the bar, with its text or without, or as a line of the menu.
struct BarButton {
    const char* id;
    ButtonSpec spec; // as in the menu; the width is for the bar, 0: its text stands in the menu alone
    Fold menu_from;  // folded so far, it is in the menu
    std::function<void()> act;
    std::string short_text{};      // in the bar in place of the text
    const char* trigger = nullptr; // of the table of parameters, in place of `act`
};

float width_of(const BarButton& each, Fold fold) {
    return fold >= each.menu_from ? 0 : fold == Fold::none && each.spec.width > 0 ? each.spec.width : small;
}

float needed(std::span<const BarButton> buttons, float tabs, Fold fold) {
    float whole = 16 + 12 + tabs + air + record_width_of(fold) + air + least_name + 14;
    for (const BarButton& each : buttons) {
        if (const float width = width_of(each, fold); width > 0)
            whole += width + air;
    }
    if (const float tempo = tempo_room(fold); tempo > 0)
        whole += tempo + air;
    if (fold <= Fold::icons)
        whole += rate_width + air + own_name + size_room;
    if (fold >= Fold::menu)
        whole += small + air;
    return whole;
}

Fold fold_of(std::span<const BarButton> buttons, float tabs, float width) {
    Fold fold = Fold::none;
    while (fold != Fold::least && needed(buttons, tabs, fold) > width)
        fold = static_cast<Fold>(static_cast<int>(fold) + 1);
    return fold;
}

// The first stands at the right.
std::vector<BarButton> bar_buttons(Studio& studio) {
    const auto opens = [&studio](Dialog which) { return [&studio, which] { studio.ui.dialog = which; }; };
    const ExportStatus exporting = studio.capture.exporter.status();
    const ExportProgress& at = exporting.progress;
    const std::string part = fmt::format("{:.0f} %", at.frames > 0 ? 100.0 * at.frame / at.frames : 0.0);
    return {
        {"##help",
         {.icon = Icon::help, .text = "Help", .tooltip = "All keys and gestures", .key = "F1", .quiet = true},
         Fold::menu,
         opens(Dialog::help)},
        {"##settings",
         {.icon = Icon::gear,
          .text = "Settings",
          .tooltip = "Settings: size of the interface, folders, glide time",
          .quiet = true},
         Fold::menu,
         opens(Dialog::settings)},
        {"##log",
         {.icon = Icon::lines, .text = "Log", .tooltip = "Log: everything that was reported", .quiet = true},
         Fold::menu,
         opens(Dialog::log)},
        {"##output",
         {.icon = Icon::screen,
          .text = "Output window",
          .tooltip = "Output window: the picture alone, full screen on another monitor. Esc closes it",
          .key = "O",
          .active = studio.output.wanted,
          .quiet = true},
         Fold::least,
         [&studio] { studio.output.toggle(); }},
        {"##export",
         {.icon = Icon::film,
          .text = "Export",
          .tooltip = exporting.busy() ? "An export runs; click to see it"
                                      : "Render the walk to a video, every picture in full quality",
          .active = exporting.busy(),
          .enabled = studio.playback.model() != nullptr,
          .width = 94},
         Fold::menu,
         opens(Dialog::export_walk),
         exporting.busy() ? part : std::string()},
        {"##save",
         {.icon = Icon::camera,
          .text = "Save",
          .tooltip = "Save the picture as PNG",
          .key = "P",
          .enabled = studio.playback.shown().pixels != nullptr,
          .width = 82},
         Fold::least,
         {},
         {},
         "transport.save_picture"},
        {"##open",
         {.icon = Icon::folder,
          .text = "Open",
          .tooltip = "Open a model file; or drop one on the window",
          .key = "Ctrl+O",
          .width = open_width},
         Fold::least,
         opens(Dialog::open)},
    };
}

bool press(Studio& studio, const BarButton& each, const ButtonSpec& spec) {
    if (each.trigger)
        return trigger_button(studio, each.id, each.trigger, spec);
    const bool pressed = button(each.id, spec);
    if (pressed)
        each.act();
    return pressed;
}

void in_bar(Studio& studio, const BarButton& each, Fold fold) {
    ButtonSpec spec = each.spec;
    spec.width = width_of(each, fold);
    if (fold != Fold::none || each.spec.width == 0)
        spec.text = {};
    else if (!each.short_text.empty())
        spec.text = each.short_text;
    press(studio, each, spec);
}

void in_menu(Studio& studio, std::span<const BarButton> buttons, Fold fold) {
    Ui& ui = Ui::current();
    if (button("##more", {.icon = Icon::more, .tooltip = "What this window is too narrow for", .quiet = true}))
        open_menu("more");
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(6), ui.px(6)});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    if (ImGui::BeginPopup("more")) {
        if (ui.close_popups)
            ImGui::CloseCurrentPopup();
        for (const BarButton& each : buttons) {
            if (fold < each.menu_from)
                continue;
            ButtonSpec spec = each.spec;
            spec.quiet = spec.left = true;
            spec.width = 180;
            if (press(studio, each, spec))
                ImGui::CloseCurrentPopup();
        }
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar(2);
}

// As wide in both states: what is beside it stays where it is.
void record_button(Studio& studio, RightEdge& right, Fold fold) {
    Ui& ui = Ui::current();
    const media::RecordStatus record = studio.capture.recording.recorder.status();
    const bool recording = record.state == media::RecordState::recording;
    const bool options = !recording && fold != Fold::least;
    if (options) {
        right.place(ui.px(small));
        if (button("##record_options", {.icon = Icon::chevron_down,
                                        .tooltip = "Recording: codec, quality, size, rate",
                                        .key = "Shift+R",
                                        .quiet = true}))
            studio.ui.dialog = Dialog::record;
    }
    const float width = record_width_of(fold) - (options ? small + air : 0);
    right.place(ui.px(width));
    std::string text = recording ? time_text(record.seconds) : "Record";
    std::string tooltip = recording ? "Stop recording; lost are the pictures that came while the encoder had more than "
                                      "it could do"
                                    : "Record what is shown to a video; right click for its options";
    if (recording && record.frames_dropped > 0) {
        const std::string lost = fmt::format(", {} lost", record.frames_dropped);
        fold == Fold::none ? text += lost : tooltip = fmt::format("{}{}. {}", text, lost, tooltip);
    }
    if (fold == Fold::least || (fold != Fold::none && !recording))
        text.clear();
    const auto menu = [&studio] {
        if (!button("##record-menu", {.icon = Icon::sliders,
                                      .text = "Options...",
                                      .tooltip = "Codec, quality, size, rate",
                                      .key = "Shift+R",
                                      .quiet = true,
                                      .left = true}))
            return;
        studio.ui.dialog = Dialog::record;
        ImGui::CloseCurrentPopup();
    };
    trigger_button(studio, "##record", "transport.record",
                   {.icon = recording ? Icon::stop : Icon::record,
                    .text = text,
                    .tooltip = tooltip,
                    .enabled = recording || studio.playback.shown().pixels != nullptr,
                    .colour = recording ? theme::bad : theme::text,
                    .width = width},
                   menu);
}

void rate_figure(Studio& studio, RightEdge& right, float middle) {
    Ui& ui = Ui::current();
    right.place(ui.px(rate_width));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::InvisibleButton("##rate", {ui.px(rate_width), ui.px(theme::control)});
    if (ImGui::IsItemHovered())
        ui.tooltip(ImGui::GetItemID(), "New pictures per second; 0 while nothing changes");
    const std::string rate = fmt::format("{:.0f} fps", studio.playback.counters.pictures_per_second);
    const ImVec2 size = measure(Face::body, rate);
    draw_text(*ImGui::GetWindowDrawList(), Face::body, {at.x + ui.px(56) - size.x, middle - size.y / 2},
              theme::secondary, rate);
}

// Where the name is drawn: says whose model it is, and leads to its dialog. Whether the mouse is on it.
bool name_button(Studio& studio, const ModelInfo& model, float x, float width, float middle) {
    Ui& ui = Ui::current();
    const float height = ui.px(theme::control);
    const bool can = studio.library.copies.available();
    ImGui::SetCursorScreenPos({x, middle - height / 2});
    if (pressable("##model-name", {width, height}, can))
        studio.ui.dialog = Dialog::export_model;
    ui.mark("##model-name", ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), true);
    if (!ImGui::IsItemHovered())
        return false;
    const auto told = [&](const char* name) {
        const std::string fact = fact_of(studio, name);
        return fact.empty() ? std::string("not told") : fact;
    };
    ui.tooltip(ImGui::GetItemID(),
               fmt::format("{}: {}. Licence: {}. Origin: {}.{}", model.name, model.format, told("license"),
                           told("origin"), can ? " Click to write it as another kind of file" : ""),
               can ? "Ctrl+E" : "");
    return can;
}

// Its name, which gives way, and its size; from `x` on. Returns where they end.
float model_name(Studio& studio, float x, float end, float middle, Fold fold) {
    Ui& ui = Ui::current();
    const auto put = [&](ImU32 colour, auto text, float width) { // English or Own
        const ImVec2 size = measure(Face::body, text);
        if (width <= 0)
            return x;
        draw_text(*ImGui::GetWindowDrawList(), Face::body, {x, middle - size.y / 2}, colour, text, width);
        return x + std::min(size.x, width);
    };
    const LoadStatus& load = studio.playback.load_status();
    if (load.state == LoadState::loading)
        return put(theme::accent,
                   std::string_view(fmt::format("Opening ... {:.0f} s", std::floor(studio.playback.loading_seconds()))),
                   end - x);
    const ModelInfo* model = studio.playback.model();
    if (!model)
        return put(theme::secondary, std::string_view("no model"), end - x);
    ui.want(model->name);
    const std::string size = shown_text(*model);
    const float size_width = fold <= Fold::icons ? measure(Face::body, size).x + ui.px(10) : 0;
    const float name_width = std::min(measure(Face::body, Own{model->name}).x, end - x - size_width);
    const bool hovered = name_width > 0 && name_button(studio, *model, x, name_width, middle);
    x = put(hovered ? theme::accent : theme::text, Own{model->name}, end - x - size_width);
    if (size_width > 0) {
        x += ui.px(10);
        x = put(theme::secondary, std::string_view(size), size_width);
    }
    return x;
}

} // namespace

void draw_top_bar(Studio& studio, const Box& box) {
    Ui& ui = Ui::current();
    const float middle = box.y + box.height / 2;
    const std::vector<BarButton> all = bar_buttons(studio);
    const std::size_t count = studio.dataset.available() ? 3 : 2;
    float tabs_width = count == 3 ? 204 : 152;
    const Fold fold = fold_of(all, tabs_width, box.width / ui.scale());

    RightEdge right(box.width - ui.px(12));
    if (fold >= Fold::menu) {
        right.place(ui.px(small));
        in_menu(studio, all, fold);
    }
    bool rate_drawn = fold >= Fold::menu;
    const BarButton* open = nullptr;
    for (const BarButton& each : all) {
        if (each.id == std::string_view("##open")) {
            open = &each;
            continue;
        }
        if (each.id == std::string_view("##export") && !rate_drawn)
            rate_figure(studio, right, middle);
        if (const float width = width_of(each, fold); width > 0) {
            right.place(ui.px(width));
            in_bar(studio, each, fold);
        }
    }
    record_button(studio, right, fold);
    tabs_width = std::min(tabs_width, std::max(60.0f, (right.left() - ui.px(12)) / ui.scale()));
    right.place(ui.px(tabs_width));
    {
        static constexpr Choice tabs[] = {{"Perform", "The picture and what plays it (Ctrl+T)"},
                                          {"Train", "Teach the model your own pictures, beside the picture (Ctrl+T)"},
                                          {"Data", "Make a training set of your own pictures (D)"}};
        int tab = static_cast<int>(studio.ui.tab);
        if (segmented("tab", {tabs, count}, tab, tabs_width))
            studio.ui.show_tab(static_cast<Tab>(tab));
    }
    if (const float room = tempo_room(fold); room > 0) {
        right.place(ui.px(room));
        draw_tempo(studio.controls, room);
    }

    // Left: the name, the model, Open.
    float x = ui.px(16);
    if (fold <= Fold::icons) {
        const ImVec2 size = measure(Face::strong, "Atelier");
        draw_text(*ImGui::GetWindowDrawList(), Face::strong, {x, middle - size.y / 2}, theme::text, "Atelier");
        x += size.x + ui.px(20);
    }
    const float open_room = open && width_of(*open, fold) > 0 ? ui.px(width_of(*open, fold) + 14) : 0;
    x = model_name(studio, x, right.left() - open_room, middle, fold);
    if (open_room > 0) {
        ImGui::SetCursorPos({std::round(x + ui.px(14)), ui.px(4)});
        in_bar(studio, *open, fold);
    }
}

} // namespace atelier::studio
