// SPDX-License-Identifier: Apache-2.0
#include "base/picture_look.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace atelier {
namespace {

using Matrix = std::array<double, 9>;

Matrix product(const Matrix& a, const Matrix& b) {
    Matrix out{};
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t column = 0; column < 3; ++column) {
            for (std::size_t i = 0; i < 3; ++i) {
                out[3 * row + column] += a[3 * row + i] * b[3 * i + column];
            }
        }
    }
    return out;
}

// Around the axis of the greys, which stay as they are.
Matrix hue_turned(double degrees) {
    const double angle = degrees * std::numbers::pi / 180;
    const double c = std::cos(angle), s = std::sin(angle) / std::sqrt(3.0);
    const double third = (1 - c) / 3;
    return {c + third, third - s, third + s, third + s, c + third, third - s, third - s, third + s, c + third};
}

// From the grey of the same luma (BT.709) outwards.
Matrix saturated(double by) {
    constexpr double luma[] = {0.2126, 0.7152, 0.0722};
    Matrix out{};
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t column = 0; column < 3; ++column) {
            out[3 * row + column] = (1 - by) * luma[column] + (row == column ? by : 0);
        }
    }
    return out;
}

} // namespace

PictureLook between(const PictureLook& a, const PictureLook& b, double t) {
    t = std::clamp(t, 0.0, 1.0);
    const auto line = [t](double from, double to) { return from == to ? from : (1 - t) * from + t * to; };
    return {line(a.brightness, b.brightness), line(a.contrast, b.contrast), line(a.saturation, b.saturation),
            line(a.hue, b.hue)};
}

LookMap look_map(const PictureLook& look) {
    LookMap map;
    if (look.neutral()) {
        return map; // to the bit
    }
    const Matrix colour = product(saturated(look.saturation), hue_turned(look.hue));
    std::transform(colour.begin(), colour.end(), map.matrix.begin(),
                   [&](double value) { return static_cast<float>(value * look.contrast); });
    map.offset = static_cast<float>(0.5 * (1 - look.contrast) + look.brightness);
    return map;
}

void apply_look(const PictureLook& look, PixelBuffer& picture) {
    if (look.neutral()) {
        return;
    }
    const LookMap map = look_map(look);
    const auto& m = map.matrix;
    const float offset = map.offset * 255 + 0.5F;
    const auto byte = [](float value) { return static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F)); };
    for (std::size_t i = 0; i + 3 < picture.rgba.size(); i += 4) {
        const float r = picture.rgba[i], g = picture.rgba[i + 1], b = picture.rgba[i + 2];
        picture.rgba[i] = byte(m[0] * r + m[1] * g + m[2] * b + offset);
        picture.rgba[i + 1] = byte(m[3] * r + m[4] * g + m[5] * b + offset);
        picture.rgba[i + 2] = byte(m[6] * r + m[7] * g + m[8] * b + offset);
    }
}

void apply_light(double light, PixelBuffer& picture) {
    if (light >= 1) {
        return;
    }
    const double part = std::max(light, 0.0);
    std::array<std::uint8_t, 256> dimmed{};
    for (std::size_t i = 0; i < dimmed.size(); ++i) {
        dimmed[i] = static_cast<std::uint8_t>(std::lround(static_cast<double>(i) * part));
    }
    for (std::size_t i = 0; i < picture.rgba.size(); ++i) {
        std::uint8_t& value = picture.rgba[i];
        value = i % 4 == 3 ? static_cast<std::uint8_t>(255 - dimmed[255U - value]) : dimmed[value];
    }
}

} // namespace atelier
