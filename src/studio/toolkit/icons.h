// SPDX-License-Identifier: Apache-2.0
// Icons drawn with lines of one weight, so that they are crisp at every scale and need no font.
#pragma once

#include <imgui.h>

namespace atelier::studio {

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
    snow,
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
};

// Inside a square of `size` around `middle`.
void draw_icon(ImDrawList& list, Icon icon, ImVec2 middle, float size, ImU32 colour);

} // namespace atelier::studio
