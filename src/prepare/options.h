// SPDX-License-Identifier: Apache-2.0
// What a person chooses about a data set: how pictures are cut, and which of them are kept. Plain values.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>

#include "base/network_shape.h"

namespace atelier::prepare {

enum class Mode { plain, faces };
// automatic: pictures with transparent parts are padded with the background, all others cropped.
enum class Fit { automatic, crop, pad, stretch };
enum class Fill { colour, edge, reflect };
enum class Filter { lanczos, area };

struct Colour {
    std::uint8_t r = 0, g = 0, b = 0;
    bool operator==(const Colour&) const = default;
};

// All that decides the pixels of a prepared picture.
struct CutOptions {
    Mode mode = Mode::plain;
    int size = 512;                        // px a side of what is written, at most; squares: one of set_sides
    int ratio_width = 1, ratio_height = 1; // plain: brought to this ratio, then squashed to that of the network; 1..64
    int network_width = 1, network_height = 1; // plain: of the pictures that the network makes; 1..64
    bool alpha = false;                        // plain: transparent parts stay so, and those that pad are
    Fit fit = Fit::automatic;
    Fill fill = Fill::colour;
    Filter filter = Filter::lanczos;
    bool linear_light = true;         // resample light and not its sRGB code
    Colour background{236, 233, 226}; // under transparent parts and where Fill::colour pads
    bool operator==(const CutOptions&) const = default;

    // Of what is written, px: the largest that a network makes, see base/network_shape.h. check() passes these.
    int width() const { return shape().width(); }
    int height() const { return shape().height(); }
    // Of a pixel as it is shown; of squares that of the pictures. Empty where it takes numbers above 64.
    std::optional<PictureRatio> pixel_ratio() const {
        if (network_width == network_height) {
            return PictureRatio{ratio_width, ratio_height};
        }
        const int wide = ratio_width * network_height, high = ratio_height * network_width,
                  common = std::gcd(wide, high);
        const PictureRatio ratio{wide / common, high / common};
        return std::max(ratio.width, ratio.height) > most_of_ratio ? std::nullopt : std::optional(ratio);
    }

private:
    NetworkShape shape() const {
        return network_shape(PictureRatio{network_width, network_height}, size).value_or(NetworkShape{});
    }
};

// Throws Error naming the option for values out of range.
void check(const CutOptions& options);

// Which pictures are kept. A limit of 0 (angles: 180) lets all pass. What is measured: prepare/scores.h.
struct Thresholds {
    double face = 0;        // faces: the detector's confidence, at least
    double yaw = 180;       // degrees to either side, at most
    double pitch = 180;     // degrees
    double roll = 180;      // degrees in the source picture; the crop is turned upright anyway
    double occlusion = 0;   // 0 covered..1 in full view, at least
    double sharpness = 0;   // 0..1, at least
    double exposure = 0;    // 0..1, at least
    double source = 0;      // px a side of the crop in the source picture, at least
    int near = -1;          // near-duplicates: bits of 64 in which the hashes differ, at most; -1: they are kept
    bool duplicates = true; // pictures equal in every pixel are dropped
    bool operator==(const Thresholds&) const = default;
};

// What stands in docs/dataset.md as the defaults of the mode.
Thresholds default_thresholds(const CutOptions& options);

} // namespace atelier::prepare
