// SPDX-License-Identifier: Apache-2.0
#include "base/flash_meter.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace atelier {
namespace {

constexpr float least_change = 0.1F, darker_below = 0.8F; // of white's luminance
constexpr double least_area = 0.25;
constexpr int samples = 4; // a side of each part

using Linear = std::array<float, 256>;

Linear make_linear() {
    Linear table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const double v = static_cast<double>(i) / 255;
        table[i] = static_cast<float>(v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4));
    }
    return table;
}

float luminance_of(const std::uint8_t* rgba, const Linear& linear) {
    const float light = 0.2126F * linear[rgba[0]] + 0.7152F * linear[rgba[1]] + 0.0722F * linear[rgba[2]];
    return light * static_cast<float>(rgba[3]) / 255; // on black, as it is shown
}

// The mean of a few of the pixels of the part.
float luminance_of(const PixelBuffer& picture, int column, int row, int side) {
    static const Linear linear = make_linear();
    float sum = 0;
    for (int j = 0; j < samples; ++j) {
        const auto y = static_cast<std::size_t>((row * samples + j) * picture.height / (side * samples));
        for (int i = 0; i < samples; ++i) {
            const auto x = static_cast<std::size_t>((column * samples + i) * picture.width / (side * samples));
            sum += luminance_of(&picture.rgba[(y * static_cast<std::size_t>(picture.width) + x) * 4], linear);
        }
    }
    return sum / (samples * samples);
}

} // namespace

FlashMeter::FlashMeter(double per_second)
    : too_many_(2 * (static_cast<std::size_t>(std::clamp(per_second, least_flashes, most_flashes)) + 1)),
      parts_(static_cast<std::size_t>(side) * side) {
    for (Part& part : parts_) {
        part.times.fill(-std::numeric_limits<double>::infinity());
    }
}

// Slow changes count as fast ones do: from one extreme to where the other way is certain.
bool FlashMeter::changes(Part& part, float luminance) const {
    if (part.extreme < 0) {
        part.extreme = luminance;
        return false;
    }
    const bool down = part.way >= 0 && part.extreme - luminance >= least_change && luminance < darker_below;
    const bool up = part.way <= 0 && luminance - part.extreme >= least_change && part.extreme < darker_below;
    if (down || up) {
        part.way = down ? -1 : 1;
        part.extreme = luminance;
        return true;
    }
    if ((part.way > 0 && luminance > part.extreme) || (part.way < 0 && luminance < part.extreme)) {
        part.extreme = luminance;
    }
    return false;
}

bool FlashMeter::add(const PixelBuffer& picture, double seconds) {
    if (picture.width < 1 || picture.height < 1) {
        return false;
    }
    std::size_t flashing = 0;
    for (int row = 0; row < side; ++row) {
        for (int column = 0; column < side; ++column) {
            Part& part = parts_[static_cast<std::size_t>(row * side + column)];
            if (changes(part, luminance_of(picture, column, row, side))) {
                part.times[part.next] = seconds;
                part.next = static_cast<std::uint8_t>((part.next + 1) % too_many_);
            }
            // The oldest of the last ones that would be too many.
            flashing += part.times[part.next] > seconds - 1 ? 1 : 0;
        }
    }
    area_ = static_cast<double>(flashing) / static_cast<double>(parts_.size());
    return area_ >= least_area;
}

} // namespace atelier
