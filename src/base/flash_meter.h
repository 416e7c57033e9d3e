// SPDX-License-Identifier: Apache-2.0
// FlashMeter: whether a moving picture flashes as may harm people with photosensitive epilepsy: WCAG 2.2's general
// flash, measured on 32 x 32 parts of the picture.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/frame.h"

namespace atelier {

enum class FlashGuard { off, warn, soften };

inline constexpr double least_flashes = 1, most_flashes = 10;

struct FlashLimit {
    FlashGuard guard = FlashGuard::warn;
    double per_second = 3; // more flashes than this within a second are too many; least_flashes..most_flashes, whole
    bool operator==(const FlashLimit&) const = default;
};

// A flash is a pair of opposing changes of relative luminance by 0.1 or more of white's, the darker below 0.8. Too many
// are more than the limit within one second in parts that together cover a quarter of the picture. Plain value.
class FlashMeter {
public:
    explicit FlashMeter(double per_second = FlashLimit().per_second);

    // The picture shown from then on; seconds grow. True: with it there are too many flashes.
    bool add(const PixelBuffer& picture, double seconds);
    double area() const { return area_; } // the part of the picture with too many, 0..1

private:
    static constexpr int side = 32; // parts a side
    static constexpr std::size_t most_changes = 2 * (static_cast<std::size_t>(most_flashes) + 1);
    struct Part {
        float extreme = -1;  // of luminance since the last change; below 0: nothing was seen yet
        std::int8_t way = 0; // of the last change: up, down, or none yet
        std::uint8_t next = 0;
        std::array<double, most_changes> times; // of the last changes, a ring
    };
    bool changes(Part& part, float luminance) const;

    std::size_t too_many_; // changes
    double area_ = 0;
    std::vector<Part> parts_;
};

} // namespace atelier
