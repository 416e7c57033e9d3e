// SPDX-License-Identifier: Apache-2.0
#include "studio/toolkit/theme.h"

namespace atelier::studio::theme {

ImVec4 vec(ImU32 colour, float alpha) {
    ImVec4 v = ImGui::ColorConvertU32ToFloat4(colour);
    v.w *= alpha;
    return v;
}

ImU32 faded(ImU32 colour, float alpha) {
    const auto a = static_cast<ImU32>(static_cast<float>(colour >> 24) * alpha + 0.5f);
    return (colour & 0x00ffffff) | (a << 24);
}

bool choose(const Palette& palette, bool calm) {
    const float fade = calm ? 1e-4f : 0.12f;
    const bool same = fade == chosen::fade && palette == chosen::palette;
    chosen::palette = palette;
    chosen::fade = fade;
    return !same;
}

void apply(float scale) {
    ImGuiStyle style;
    style.WindowPadding = {16, 16};
    style.FramePadding = {10, 6};
    style.ItemSpacing = {8, 8};
    style.ItemInnerSpacing = {8, 4};
    style.ScrollbarSize = 10;
    style.GrabMinSize = 16;
    style.WindowRounding = 8;
    style.ChildRounding = 0;
    style.PopupRounding = 8;
    style.FrameRounding = rounding;
    style.ScrollbarRounding = 5;
    style.GrabRounding = rounding;
    style.WindowBorderSize = 0;
    style.ChildBorderSize = 0;
    style.PopupBorderSize = 1;
    style.FrameBorderSize = 0;
    style.ScaleAllSizes(scale);

    const auto set = [&style](ImGuiCol which, ImU32 colour, float alpha = 1) {
        style.Colors[which] = vec(colour, alpha);
    };
    for (int i = 0; i < ImGuiCol_COUNT; ++i)
        set(i, raised);
    set(ImGuiCol_Text, text);
    set(ImGuiCol_TextDisabled, disabled);
    set(ImGuiCol_WindowBg, panel);
    set(ImGuiCol_ChildBg, panel, 0);
    set(ImGuiCol_PopupBg, raised);
    set(ImGuiCol_Border, line);
    set(ImGuiCol_FrameBg, background);
    set(ImGuiCol_FrameBgHovered, background);
    set(ImGuiCol_FrameBgActive, background);
    set(ImGuiCol_ScrollbarBg, panel, 0);
    set(ImGuiCol_ScrollbarGrab, line);
    set(ImGuiCol_ScrollbarGrabHovered, secondary, 0.6f);
    set(ImGuiCol_ScrollbarGrabActive, secondary);
    set(ImGuiCol_Header, raised);
    set(ImGuiCol_HeaderHovered, raised_hover);
    set(ImGuiCol_HeaderActive, raised_hover);
    set(ImGuiCol_Separator, line);
    set(ImGuiCol_TextSelectedBg, accent, 0.35f);
    set(ImGuiCol_NavHighlight, accent, 0);
    set(ImGuiCol_DragDropTarget, accent);
    set(ImGuiCol_ModalWindowDimBg, rgb(0x08090a), 0.6f);
    ImGui::GetStyle() = style;
}

} // namespace atelier::studio::theme
