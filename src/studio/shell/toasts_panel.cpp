// SPDX-License-Identifier: Apache-2.0
// Messages, the newest at the bottom. Failures stand until they are read; of the rest only the newest is drawn, and a
// line above says how many more there are.
#include <algorithm>

#include <fmt/format.h>

#include "studio/shell/panels.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {
namespace {

constexpr int most_failures = 3; // drawn at once

constexpr ImGuiWindowFlags toast_flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                         ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav |
                                         ImGuiWindowFlags_NoFocusOnAppearing;

// What was pressed in this frame: carried out after all are drawn, for it may change their list.
struct Pressed {
    unsigned dismissed = ~0U;
    std::function<void()> chosen;
};

// Its bottom edge lies at `bottom`, which becomes that of the next one. False where it would rise above `top`.
bool draw_toast(const Toast& toast, float left, float width, float top, float& bottom, Pressed& pressed) {
    Ui& ui = Ui::current();
    ui.want(toast.text);
    ui.want(toast.detail);
    const std::string text(ui.say(toast.text)), detail(ui.say(toast.detail));
    ImFont *body = ui.face(Face::body), *small = ui.face(Face::small);
    const float text_width = width - ui.px(16 + 24 + 16 + 24);
    const auto size_of = [text_width](ImFont* font, const std::string& text) {
        return text.empty() ? 0 : font->CalcTextSizeA(font->FontSize, 1e6f, text_width, text.c_str()).y;
    };
    const float title_height = size_of(body, text), detail_height = size_of(small, detail);
    const float text_height = title_height + (detail_height > 0 ? ui.px(2) + detail_height : 0);
    const bool acts = !toast.action.text.empty();
    const float height = ui.px(12) * 2 + text_height + (acts ? ui.px(8 + theme::control) : 0);
    if (bottom - height < top)
        return false;
    bottom -= height;
    ImGui::SetNextWindowPos({left, bottom});
    ImGui::SetNextWindowSize({width, height});
    bottom -= ui.px(8);
    ImGui::PushStyleVar(ImGuiStyleVar_Alpha, std::max(0.01f, Toasts::opacity(toast)));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(16), ui.px(12)});
    ImGui::PushStyleColor(ImGuiCol_WindowBg, theme::raised);
    ImGui::Begin(fmt::format("toast{}", toast.number).c_str(), nullptr, toast_flags);
    ImGui::PopStyleColor();
    const ImVec2 from = ImGui::GetWindowPos();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float alpha = ImGui::GetStyle().Alpha;
    const ImU32 colour = toast.kind == ToastKind::bad    ? theme::bad
                         : toast.kind == ToastKind::good ? theme::good
                                                         : theme::accent;
    draw_icon(list, toast.kind == ToastKind::good ? Icon::check : Icon::alert,
              {from.x + ui.px(25), from.y + ui.px(12) + std::round(measure(Face::body, "X").y / 2)}, ui.px(16),
              theme::faded(colour, alpha));
    const float x = from.x + ui.px(16 + 18 + 12);
    list.AddText(body, body->FontSize, {x, from.y + ui.px(12)}, theme::faded(theme::text, alpha), text.c_str(), nullptr,
                 text_width);
    if (detail_height > 0)
        list.AddText(small, small->FontSize, {x, from.y + ui.px(14) + title_height},
                     theme::faded(theme::secondary, alpha), detail.c_str(), nullptr, text_width);
    ImGui::SetCursorPos({width - ui.px(34), ui.px(8)});
    if (button("##dismiss",
               {.icon = Icon::close, .tooltip = "Dismiss", .key = "Esc", .quiet = true, .colour = theme::secondary}))
        pressed.dismissed = toast.number;
    if (acts) {
        ImGui::SetCursorPos({x - from.x - ui.px(12), ui.px(12 + 8) + text_height}); // its text below the texts
        if (button(
                "##toast-action",
                {.text = toast.action.text, .tooltip = toast.action.tooltip, .quiet = true, .colour = theme::accent})) {
            pressed.chosen = toast.action.run;
            pressed.dismissed = toast.number;
        }
    }
    ImGui::End();
    ImGui::PopStyleVar(2);
    return true;
}

// True if all are to be shown.
bool draw_count(std::size_t hidden, float right, float bottom) {
    Ui& ui = Ui::current();
    const std::string text = fmt::format("{} more", hidden);
    const float width = measure(Face::body, text).x + ui.px(32), height = ui.px(theme::control);
    ImGui::SetNextWindowPos({right - width, bottom - height});
    ImGui::SetNextWindowSize({width, height});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    ImGui::Begin("toasts-more", nullptr, toast_flags | ImGuiWindowFlags_NoBackground);
    const bool wanted = button(
        "##toasts-more",
        {.text = text, .tooltip = "Show all messages; the log has those of before, too", .width = width / ui.scale()});
    ImGui::End();
    ImGui::PopStyleVar();
    return wanted;
}

} // namespace

void draw_toasts(Studio& studio, const Box& box) {
    Ui& ui = Ui::current();
    // Beside an open dialog, whose buttons are at the right: most are 620 wide.
    const bool aside = studio.ui.dialog != Dialog::none;
    const bool over_panel = box.width < ui.px(280); // between panels that leave no room
    const float beside = (ImGui::GetIO().DisplaySize.x - ui.px(620)) / 2 - ui.px(32);
    const float right = over_panel ? ImGui::GetIO().DisplaySize.x : box.x + box.width;
    const float width = aside ? std::clamp(beside, ui.px(280), ui.px(400))
                              : std::min(ui.px(400), (over_panel ? right : box.width) - ui.px(32));
    const float left = aside ? ui.px(16) : right - ui.px(16) - width;
    float bottom = box.y + box.height - ui.px(16);
    const auto& all = studio.toasts.all();
    studio.ui.all_toasts = studio.ui.all_toasts && all.size() > 1;
    const bool audience = audience_sees(studio);
    Pressed pressed;
    int failures = 0;
    std::size_t hidden = 0;
    bool full = false;
    for (auto it = all.rbegin(); it != all.rend(); ++it) {
        const bool failure = it->kind == ToastKind::bad;
        if (audience && !failure) // only what needs a hand
            continue;
        failures += failure ? 1 : 0;
        const bool wanted = studio.ui.all_toasts || it == all.rbegin() || (failure && failures <= most_failures);
        // None covers the bar with the tabs; the newest is drawn in any case.
        const float top = it == all.rbegin() ? -1e6f : box.y + ui.px(theme::control + 8);
        if (full || !wanted || !draw_toast(*it, left, width, top, bottom, pressed)) {
            ++hidden;
            full = full || wanted;
        }
    }
    if (hidden > 0 && draw_count(hidden, left + width, bottom))
        studio.ui.all_toasts = true;
    if (pressed.dismissed != ~0U)
        studio.toasts.dismiss(pressed.dismissed);
    if (pressed.chosen)
        pressed.chosen();
}

} // namespace atelier::studio
