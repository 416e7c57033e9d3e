// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "studio/shell/panels.h"
#include "studio/toolkit/widgets.h"

namespace atelier::studio {

void draw_toasts(Studio& studio, const Box& box) {
    Ui& ui = Ui::current();
    // Beside an open dialog, whose buttons are at the right: most are 620 wide.
    const bool aside = studio.ui.dialog != Dialog::none;
    const float beside = (ImGui::GetIO().DisplaySize.x - ui.px(620)) / 2 - ui.px(32);
    const float width =
        aside ? std::clamp(beside, ui.px(280), ui.px(400)) : std::min(ui.px(400), box.width - ui.px(32));
    const float left = aside ? ui.px(16) : box.x + box.width - ui.px(16) - width;
    float bottom = box.y + box.height - ui.px(16);
    const auto& all = studio.toasts.all();
    unsigned dismissed = ~0u;
    std::function<void()> chosen; // what it does may add a toast
    const bool audience = audience_sees(studio);
    for (auto it = all.rbegin(); it != all.rend(); ++it) {
        const Toast& toast = *it;
        if (audience && toast.kind != ToastKind::bad) // only what needs a hand
            continue;
        ui.want(toast.text);
        ui.want(toast.detail);
        ImFont* small = ui.face(Face::small);
        const float text_width = width - ui.px(16 + 24 + 16 + 24);
        const ImVec2 detail = toast.detail.empty()
                                  ? ImVec2{}
                                  : small->CalcTextSizeA(small->FontSize, 1e6f, text_width, toast.detail.c_str());
        const float text_height = measure(Face::body, "X").y + (detail.y > 0 ? ui.px(2) + detail.y : 0);
        const bool acts = !toast.action.text.empty();
        const float height = ui.px(12) * 2 + text_height + (acts ? ui.px(8 + theme::control) : 0);
        bottom -= height;
        ImGui::SetNextWindowPos({left, bottom});
        ImGui::SetNextWindowSize({width, height});
        bottom -= ui.px(8);
        ImGui::PushStyleVar(ImGuiStyleVar_Alpha, std::max(0.01f, Toasts::opacity(toast)));
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(16), ui.px(12)});
        ImGui::PushStyleColor(ImGuiCol_WindowBg, theme::raised);
        const std::string name = fmt::format("toast{}", toast.number);
        ImGui::Begin(name.c_str(), nullptr,
                     ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                         ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoFocusOnAppearing);
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
        draw_text(list, Face::body, {x, from.y + ui.px(12)}, theme::text, toast.text, text_width);
        if (!toast.detail.empty()) {
            list.AddText(small, small->FontSize, {x, from.y + ui.px(14) + measure(Face::body, "X").y},
                         theme::faded(theme::secondary, alpha), toast.detail.c_str(), nullptr, text_width);
        }
        ImGui::SetCursorPos({width - ui.px(34), ui.px(8)});
        if (button("##dismiss", {.icon = Icon::close, .tooltip = "Dismiss", .quiet = true, .colour = theme::secondary}))
            dismissed = toast.number;
        if (acts) {
            ImGui::SetCursorPos({x - from.x - ui.px(12), ui.px(12 + 8) + text_height}); // its text below the texts
            if (button("##toast-action", {.text = toast.action.text,
                                          .tooltip = toast.action.tooltip,
                                          .quiet = true,
                                          .colour = theme::accent})) {
                chosen = toast.action.run;
                dismissed = toast.number;
            }
        }
        ImGui::End();
        ImGui::PopStyleVar(2);
    }
    if (dismissed != ~0u)
        studio.toasts.dismiss(dismissed);
    if (chosen)
        chosen();
}

} // namespace atelier::studio
