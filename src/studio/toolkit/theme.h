// SPDX-License-Identifier: Apache-2.0
// The studio's colours and measures (in 96 dpi pixels), and ImGui's style made of them.
#pragma once

#include <imgui.h>

namespace atelier::studio::theme {

constexpr ImU32 rgb(unsigned hex, unsigned alpha = 255) {
    return (alpha << 24) | ((hex & 0xff) << 16) | (hex & 0xff00) | ((hex >> 16) & 0xff);
}

inline constexpr ImU32 background = rgb(0x141518);
inline constexpr ImU32 panel = rgb(0x1c1e22);
inline constexpr ImU32 raised = rgb(0x25282e);
inline constexpr ImU32 raised_hover = rgb(0x2d3138);
inline constexpr ImU32 line = rgb(0x31353d);
inline constexpr ImU32 text = rgb(0xe6e8eb);
inline constexpr ImU32 secondary = rgb(0x9aa1ab);
inline constexpr ImU32 disabled = rgb(0x6f7681);
inline constexpr ImU32 accent = rgb(0xe8a33d);
inline constexpr ImU32 accent_hover = rgb(0xf0b45c);
inline constexpr ImU32 good = rgb(0x4fb286);
inline constexpr ImU32 bad = rgb(0xea6755);

inline constexpr float grid = 8;
inline constexpr float control = 28; // height of a control
inline constexpr float rounding = 6;
inline constexpr float fade_seconds = 0.12f;

ImVec4 vec(ImU32 colour, float alpha = 1);
ImU32 faded(ImU32 colour, float alpha);

// Sets all of ImGui's style for an interface scale.
void apply(float scale);

} // namespace atelier::studio::theme
