// SPDX-License-Identifier: Apache-2.0
// The studio's colours and measures (in 96 dpi pixels), and ImGui's style made of them.
#pragma once

#include <imgui.h>

namespace atelier::studio::theme {

constexpr ImU32 rgb(unsigned hex, unsigned alpha = 255) {
    return (alpha << 24) | ((hex & 0xff) << 16) | (hex & 0xff00) | ((hex >> 16) & 0xff);
}

struct Palette {
    ImU32 background, panel, raised, raised_hover, line; // grounds, from the window's own to what the mouse is over
    ImU32 text, secondary, disabled;
    ImU32 accent, accent_hover, good, bad; // what is active, well, wrong: told apart by colour-blind eyes, too
    bool operator==(const Palette&) const = default;
};

// In the dark, and in daylight. theme_test has what is asked of them.
inline constexpr Palette dark{
    .background = rgb(0x141518),
    .panel = rgb(0x1c1e22),
    .raised = rgb(0x25282e),
    .raised_hover = rgb(0x2d3138),
    .line = rgb(0x31353d),
    .text = rgb(0xe6e8eb),
    .secondary = rgb(0x9aa1ab),
    .disabled = rgb(0x787f8a),
    .accent = rgb(0xe8a33d),
    .accent_hover = rgb(0xf0b45c),
    .good = rgb(0x54b7a8),
    .bad = rgb(0xf56d62),
};
inline constexpr Palette light{
    .background = rgb(0xeceef1),
    .panel = rgb(0xf8f9fa),
    .raised = rgb(0xe4e7eb),
    .raised_hover = rgb(0xd9dde3),
    .line = rgb(0xd0d4db),
    .text = rgb(0x1a1d22),
    .secondary = rgb(0x4c535d),
    .disabled = rgb(0x6d747f),
    .accent = rgb(0x844f00),
    .accent_hover = rgb(0x6f4400),
    .good = rgb(0x00675c),
    .bad = rgb(0x740f14),
};

// What is drawn with, as ImGui's style is one for the window. Changed by choose() alone.
namespace chosen {
inline Palette palette = dark;
inline float fade = 0.12f;
} // namespace chosen

inline const ImU32& background = chosen::palette.background;
inline const ImU32& panel = chosen::palette.panel;
inline const ImU32& raised = chosen::palette.raised;
inline const ImU32& raised_hover = chosen::palette.raised_hover;
inline const ImU32& line = chosen::palette.line;
inline const ImU32& text = chosen::palette.text;
inline const ImU32& secondary = chosen::palette.secondary;
inline const ImU32& disabled = chosen::palette.disabled;
inline const ImU32& accent = chosen::palette.accent;
inline const ImU32& accent_hover = chosen::palette.accent_hover;
inline const ImU32& good = chosen::palette.good;
inline const ImU32& bad = chosen::palette.bad;
inline const float& fade_seconds = chosen::fade; // of panels, dialogs and tooltips; never 0

inline constexpr float grid = 8;
inline constexpr float control = 28; // height of a control
inline constexpr float rounding = 6;

ImVec4 vec(ImU32 colour, float alpha = 1);
ImU32 faded(ImU32 colour, float alpha);

// calm: nothing fades. True: something is different from before; then apply() has to follow.
bool choose(const Palette& palette, bool calm);

// Sets all of ImGui's style for an interface scale.
void apply(float scale);

} // namespace atelier::studio::theme
