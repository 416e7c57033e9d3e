// SPDX-License-Identifier: Apache-2.0
#include "studio/core/picture_place.h"

#include <algorithm>
#include <cmath>

namespace atelier::studio {

Box place_picture(const ViewState& view, const Box& box, int width, int height) {
    if (width <= 0 || height <= 0)
        return {};
    const auto w = static_cast<float>(width);
    const auto h = static_cast<float>(height);
    const float margin = view.ui_hidden ? 0 : std::min(box.width, box.height) * 0.025f;
    const float fit = std::max(0.01f, std::min((box.width - 2 * margin) / w, (box.height - 2 * margin) / h));
    float scale = fit * static_cast<float>(view.zoom);
    if (view.pixels && scale >= 1)
        scale = std::floor(scale);
    const float placed_w = std::round(w * scale), placed_h = std::round(h * scale);
    const float middle_x = box.x + box.width / 2 + static_cast<float>(view.pan_x) * placed_w;
    const float middle_y = box.y + box.height / 2 + static_cast<float>(view.pan_y) * placed_h;
    return {std::round(middle_x - placed_w / 2), std::round(middle_y - placed_h / 2), placed_w, placed_h};
}

Box place_output(const ViewState& view, int window_width, int window_height, int width, int height) {
    ViewState alone;
    alone.pixels = view.pixels;
    alone.ui_hidden = true;
    return place_picture(alone, {0, 0, static_cast<float>(window_width), static_cast<float>(window_height)}, width,
                         height);
}

} // namespace atelier::studio
