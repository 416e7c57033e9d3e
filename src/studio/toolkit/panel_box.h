// SPDX-License-Identifier: Apache-2.0
// Box: where a part of the window lies, in window pixels.
#pragma once

#include <imgui.h>

namespace atelier::studio {

struct Box {
    float x = 0, y = 0, width = 0, height = 0;
    ImVec2 from() const { return {x, y}; }
    ImVec2 size() const { return {width, height}; }
};

} // namespace atelier::studio
