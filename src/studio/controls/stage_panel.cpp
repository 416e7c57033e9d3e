// SPDX-License-Identifier: Apache-2.0
#include "studio/controls/stage_panel.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "studio/controls/parameter_controls.h"
#include "studio/core/direction_sliders.h"
#include "studio/core/learn_menu.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace {

constexpr float card_side = 184, card_pad = 10; // 96 dpi pixels

void take_buttons(Controls& controls, const char* take, const char* cut, float width) {
    const double seconds = controls.context.state.morph_seconds;
    const std::string text = fmt::format("Take {:.1f} s", seconds);
    trigger_button(controls.context, take, "transport.take", {.text = text, .primary = true, .width = width});
    ImGui::SameLine(0, Ui::current().px(6));
    trigger_button(controls.context, cut, "transport.cut", {.width = 50});
}

} // namespace

void toggle_prepared(Controls& controls) {
    StudioContext& context = controls.context;
    if (!context.playback.preparing()) {
        if (context.playback.shown().pixels)
            context.playback.prepare();
        else
            context.toasts.add(ToastKind::note, "There is no picture to prepare another one beside");
        return;
    }
    const auto before = list_of(context.state.directions);
    context.playback.drop_prepared();
    if (list_of(context.state.directions) != before)
        context.commands.directions_edited();
}

void take_prepared(Controls& controls, double seconds) {
    Playback& playback = controls.context.playback;
    if (playback.preparing())
        playback.take_prepared(seconds);
    else
        controls.context.toasts.add(ToastKind::note, "Nothing is prepared",
                                    "V begins to: the controls then set a small preview, and this picture plays on.");
}

void draw_stage_panel(Controls& controls) {
    constexpr float label_width = 76;
    Ui& ui = Ui::current();
    parameter_slider(controls, "master", {&parameter("view.master")}, {.label_width = label_width});
    parameter_slider(controls, "fade", {&parameter("performance.fade")}, {.label_width = label_width});
    const bool preparing = controls.context.playback.preparing();
    constexpr float beside = 8;
    const float half = (ImGui::GetContentRegionAvail().x / ui.scale() - beside) / 2;
    switch_button(controls.context, "##blackout", "view.blackout", {.width = half});
    ImGui::SameLine(0, ui.px(beside));
    switch_button(controls.context, "##freeze", "view.freeze", {.width = half});
    trigger_button(controls.context, "##fade-out", "transport.fade_out", {.width = half});
    ImGui::SameLine(0, ui.px(beside));
    trigger_button(controls.context, "##panic", "transport.panic", {.width = half});
    trigger_button(controls.context, "##prepare", "transport.prepare",
                   {.icon = preparing ? Icon::close : Icon::plus,
                    .text = preparing ? "Drop what is prepared" : "Prepare another picture",
                    .active = preparing,
                    .enabled = controls.context.playback.shown().pixels != nullptr});
    if (!preparing)
        return;
    take_buttons(controls, "##take-prepared", "##cut-prepared", 110);
    ImGui::SameLine(0, ui.px(10));
    parameter_slider(controls, "take-seconds", {&parameter("performance.morph")}, {.label_width = 0});
}

void draw_preview_card(Controls& controls, const Box& place) {
    Ui& ui = Ui::current();
    const float side = ui.px(card_side), pad = ui.px(card_pad), caption = measure(Face::label, "P").y + ui.px(6);
    const ImVec2 size{side + 2 * pad, side + 2 * pad + caption + ui.px(8) + ui.px(theme::control)};
    if (place.width < size.x + ui.px(32) || place.height < size.y + ui.px(32))
        return;
    const ImVec2 from{place.x + ui.px(16),
                      std::round(place.y + place.height - size.y - ui.px(16))}; // not below messages
    ImGui::SetCursorScreenPos(from);
    ImGui::PushStyleColor(ImGuiCol_ChildBg, theme::panel);
    ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, ui.px(theme::rounding));
    ImGui::BeginChild("preview-card", size, false,
                      ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
    ImVec2 at{from.x + pad, from.y + pad};
    draw_text(*ImGui::GetWindowDrawList(), Face::label, at, theme::accent, "PREPARED", side);
    at.y += caption;
    FollowedPicture& picture = controls.prepared;
    const RenderSettings now = controls.context.playback.render_settings_now();
    if (picture.wanted == RenderSettings{})
        picture.wanted = now;
    draw_small_picture(at, side, follow(controls.context, picture, now));
    ui.mark("@prepared", at, {at.x + side, at.y + side}, true);
    ImGui::SetCursorScreenPos({at.x, at.y + side + ui.px(8)});
    take_buttons(controls, "##card-take", "##card-cut", card_side - 6 - 50 - 6 - theme::control);
    ImGui::SameLine(0, ui.px(6));
    trigger_button(controls.context, "##card-drop", "transport.prepare",
                   {.icon = Icon::close, .tooltip = "Drop what is prepared", .quiet = true});
    ImGui::EndChild();
}

} // namespace atelier::studio
