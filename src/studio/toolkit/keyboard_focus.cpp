// SPDX-License-Identifier: Apache-2.0
#include "studio/toolkit/keyboard_focus.h"

#include <algorithm>
#include <utility>

#include <imgui_internal.h>

#include "studio/toolkit/theme.h"

namespace atelier::studio {
namespace {

// The menu or dialog on top; 0: none is open.
ImGuiID top_window() {
    const ImGuiContext& context = *ImGui::GetCurrentContext();
    if (context.OpenPopupStack.empty())
        return 0;
    const ImGuiWindow* window = context.OpenPopupStack.back().Window;
    return window ? window->ID : 0;
}

} // namespace

void KeyboardFocus::begin_frame() {
    before_.swap(controls_);
    controls_.clear();
    pressed_ = menu_ = 0;
    moved_ = false;
    const Control* control = find(last_used_);
    free_ = control && (top_window() == 0 || control->window == top_window());
    const ImGuiIO& io = ImGui::GetIO();
    if (io.MouseClicked[0] || io.MouseClicked[1])
        led_to_ = false;
}

const KeyboardFocus::Control* KeyboardFocus::find(ImGuiID id) const {
    const auto found = std::ranges::find(before_, id, &Control::id);
    return found == before_.end() ? nullptr : &*found;
}

void KeyboardFocus::go(int step) {
    const ImGuiID window = top_window();
    std::vector<ImGuiID> ways;
    for (const Control& each : before_) {
        if (each.enabled && (window == 0 || each.window == window))
            ways.push_back(each.id);
    }
    if (ways.empty())
        return;
    const auto count = static_cast<int>(ways.size());
    const auto found = std::ranges::find(ways, last_used_);
    const int start = found != ways.end() ? static_cast<int>(found - ways.begin()) : step > 0 ? -1 : count;
    last_used_ = ways[static_cast<std::size_t>((((start + step) % count) + count) % count)];
    led_to_ = moved_ = true;
    ImGui::ClearActiveID(); // a text field lets go
}

void KeyboardFocus::press() {
    const Control* control = find(last_used_);
    if (control && control->enabled && free_) {
        pressed_ = last_used_;
        led_to_ = true;
    }
}

void KeyboardFocus::ask_for_menu() {
    press();
    menu_ = std::exchange(pressed_, 0);
}

void KeyboardFocus::control(ImGuiID id, ImVec2 from, ImVec2 to, bool enabled) {
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    controls_.push_back({id, from, to, window->RootWindow->ID, enabled});
    if (id != last_used_)
        return;
    if (moved_)
        ImGui::ScrollToRect(window, {from, to}, ImGuiScrollFlags_KeepVisibleEdgeY | ImGuiScrollFlags_KeepVisibleEdgeX);
    clip_from_ = window->ClipRect.Min;
    clip_to_ = window->ClipRect.Max;
}

void KeyboardFocus::control(bool enabled) {
    control(ImGui::GetItemID(), ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), enabled);
}

void KeyboardFocus::end_frame(float scale) {
    const auto found = std::ranges::find(controls_, last_used_, &Control::id);
    const bool covered = found != controls_.end() && top_window() != 0 && found->window != top_window();
    if (!led_to_ || found == controls_.end() || covered)
        return;
    ImDrawList& list = *ImGui::GetForegroundDrawList();
    const float out = 2 * scale;
    list.PushClipRect(clip_from_, clip_to_);
    list.AddRect({found->from.x - out, found->from.y - out}, {found->to.x + out, found->to.y + out}, theme::text,
                 theme::rounding * scale + out, 0, std::max(1.0f, 1.5f * scale));
    list.PopClipRect();
}

} // namespace atelier::studio
