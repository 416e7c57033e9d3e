// SPDX-License-Identifier: Apache-2.0
// Icons drawn with lines of one weight, so that they are crisp at every scale and need no font.
#pragma once

#include <imgui.h>

namespace atelier::studio {

// Each has one meaning, which icon_meaning() says; another meaning is another icon.
enum class Icon {
    none,
    play,
    pause,
    record,
    stop,
    camera,
    film,
    folder,
    file,
    help,
    plus,
    close,
    dice,
    chevron_left,
    chevron_right,
    chevron_down,
    up,
    lines,
    check,
    alert,
    pencil,
    back,
    sliders,
    star,
    grid,
    screen,
    more,
    loop,
    reset,
    follow,
    zero,
    gear,
    grip,
    wave,
    mix,
    start,
    bin,
    save,
    out,
    plug,
};
inline constexpr int icon_count = static_cast<int>(Icon::plug) + 1;

// In a few words; empty for none.
const char* icon_meaning(Icon icon);

// Inside a square of `size` around `middle`.
void draw_icon(ImDrawList& list, Icon icon, ImVec2 middle, float size, ImU32 colour);

} // namespace atelier::studio
