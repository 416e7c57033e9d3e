// SPDX-License-Identifier: Apache-2.0
#include "prepare/fit.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/network_shape.h"

namespace atelier::prepare {

void check(const CutOptions& options) {
    const PictureRatio network{options.network_width, options.network_height};
    if (std::min(network.width, network.height) < 1 || std::max(network.width, network.height) > most_of_ratio ||
        !network_shape(network, largest_network_side)) {
        fail(
            "--network-ratio is {}; in lowest terms, doubled until both are 4 or more, neither number may be above 16: "
            "2:1, 3:2, 4:3, 16:9 and 1:2 are fine, for example.",
            text_of(network));
    }
    if (network.square() && !is_set_side(options.size)) {
        fail("--size is {}; it has to be {}.", options.size, set_sides_text());
    }
    if (options.size < set_sides.front() || options.size > set_sides.back() || !network_shape(network, options.size)) {
        fail("--size is {}; it has to lie between {} and {}.", options.size, set_sides.front(), set_sides.back());
    }
    const int most = std::max(options.ratio_width, options.ratio_height);
    if (std::min(options.ratio_width, options.ratio_height) < 1 || most > 64) {
        fail("--ratio is {}:{}; both numbers have to lie between 1 and 64, such as 5:4.", options.ratio_width,
             options.ratio_height);
    }
    if (options.mode == Mode::faces && options.ratio_width != options.ratio_height) {
        fail("--ratio is for plain pictures; aligned faces are always square.");
    }
    if (options.mode == Mode::faces && (!network.square() || options.alpha)) {
        fail("{} is for plain pictures; aligned faces are always square and opaque.",
             options.alpha ? "--alpha" : "--network-ratio");
    }
    if (!options.pixel_ratio()) {
        fail("--ratio {}:{} on --network-ratio {} needs numbers above {} to be told; take a rounder one.",
             options.ratio_width, options.ratio_height, text_of(network), most_of_ratio);
    }
}

Rect fitted_rect(const Picture& picture, const CutOptions& options) {
    const int width = picture.width(), height = picture.height();
    Fit fit = options.fit;
    if (fit == Fit::automatic) {
        fit = picture.transparent ? Fit::pad : Fit::crop;
    }
    if (fit == Fit::stretch) {
        return {0, 0, width, height};
    }
    const double ratio = static_cast<double>(options.ratio_width) / options.ratio_height;
    const bool too_wide = width > height * ratio;
    Rect rect{0, 0, width, height};
    if (too_wide == (fit == Fit::crop)) {
        rect.width = std::max(1, static_cast<int>(std::lround(height * ratio)));
    } else {
        rect.height = std::max(1, static_cast<int>(std::lround(width / ratio)));
    }
    const auto half = [](int less) { return less >= 0 ? less / 2 : -(-less / 2); };
    rect.x = half(width - rect.width);
    rect.y = half(height - rect.height);
    return rect;
}

} // namespace atelier::prepare
