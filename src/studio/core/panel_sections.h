// SPDX-License-Identifier: Apache-2.0
// Panels of headings that fold, as at both sides of the window.
#pragma once

#include <functional>
#include <span>

#include "studio/toolkit/icons.h"

namespace atelier::studio {

struct Settings;
struct SectionView;

// A heading over a part of a panel; remembers whether it is open.
bool panel_section(Settings& settings, const char* title, float room = 0, bool standard = true);

// In the room beside a heading; 96 dpi pixels.
inline constexpr float beside_room = 128;

struct PanelSection {
    const char* title;
    std::function<void()> draw;
    bool shown = true;
    bool open = true;               // until it is folded
    std::function<void()> beside{}; // its heading while it is open, in beside_room
};
// The button beside the first heading, which folds the whole panel.
struct PanelFold {
    const char* id;
    Icon icon;
    const char* key;
    bool& folded;
};
void fold_button(const PanelFold& fold);
inline constexpr float fold_room = 32; // with the space before it, 96 dpi pixels

// fold: beside the first heading; null: elsewhere. space: below each, 96 dpi pixels. What is unfolded comes into view,
// as does the section that `view` wants.
void draw_sections(Settings& settings, SectionView& view, std::span<const PanelSection> sections, const PanelFold* fold,
                   float space);
// Unfolds the section so many places after the current one, at most the last or first, and leads keys to its heading.
void go_to_section(Settings& settings, SectionView& view, std::span<const PanelSection> sections, int by);

} // namespace atelier::studio
