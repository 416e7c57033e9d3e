// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <ATen/ATen.h>

#include "train/augment_stages.h"

namespace atelier::train {
namespace {

// colour -> m * colour + t, t in the fourth column.
struct ColorMap {
    std::array<std::array<double, 4>, 3> m{{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}};

    void add(double amount) {
        for (auto& row : m) {
            row[3] += amount;
        }
    }
    // Then `own` of each channel, `next` of the one after it (red, green, blue, red) and `last` of the other. All maps
    // that treat the three channels alike are of this kind: they keep the grey axis.
    void mix(double own, double next, double last) {
        const auto old = m;
        for (std::size_t r = 0; r < 3; ++r) {
            for (std::size_t c = 0; c < 4; ++c) {
                m[r][c] = own * old[r][c] + next * old[(r + 1) % 3][c] + last * old[(r + 2) % 3][c];
            }
        }
    }
    void scale(double factor) { mix(factor, 0, 0); }
    // Mirrors the luminance, the share along the grey axis.
    void flip_luma() { mix(1.0 / 3, -2.0 / 3, -2.0 / 3); }
    // A rotation about the grey axis (Rodrigues).
    void turn_hue(double angle) {
        const double c = std::cos(angle), s = std::sin(angle) / std::numbers::sqrt3, grey = (1 - c) / 3;
        mix(c + grey, grey - s, grey + s);
    }
    // Scales what is off the grey axis.
    void saturate(double factor) {
        const double grey = (1 - factor) / 3;
        mix(factor + grey, grey, grey);
    }
};

using ColorMaps = std::vector<ColorMap>;

void draw_light(ColorMaps& maps, const AugmentStrengths& s, AugmentDraws& draws) {
    if (s.brightness > 0) {
        const auto amount = draws.values(Law::normal, s.brightness_std, draws.chance(s.brightness));
        for (std::size_t i = 0; i < maps.size(); ++i) {
            maps[i].add(amount[i]);
        }
    }
    if (s.contrast > 0) {
        const auto octaves = draws.values(Law::normal, s.contrast_std, draws.chance(s.contrast));
        for (std::size_t i = 0; i < maps.size(); ++i) {
            maps[i].scale(std::exp2(octaves[i]));
        }
    }
    if (s.lumaflip > 0) {
        const auto flip = draws.values(Law::choice, 2, draws.chance(s.lumaflip), {1, 1});
        for (std::size_t i = 0; i < maps.size(); ++i) {
            if (flip[i] > 0) {
                maps[i].flip_luma();
            }
        }
    }
}

void draw_hues(ColorMaps& maps, const AugmentStrengths& s, AugmentDraws& draws) {
    if (s.hue > 0) {
        const auto angle = draws.values(Law::symmetric, std::numbers::pi * s.hue_max, draws.chance(s.hue));
        for (std::size_t i = 0; i < maps.size(); ++i) {
            maps[i].turn_hue(angle[i]);
        }
    }
    if (s.saturation > 0) {
        const auto octaves = draws.values(Law::normal, s.saturation_std, draws.chance(s.saturation), {1, 1});
        for (std::size_t i = 0; i < maps.size(); ++i) {
            maps[i].saturate(std::exp2(octaves[i]));
        }
    }
}

at::Tensor apply_rgb(const at::Tensor& images, const ColorMaps& maps) {
    std::vector<double> flat;
    for (const ColorMap& map : maps) {
        for (const auto& row : map.m) {
            flat.insert(flat.end(), row.begin(), row.end());
        }
    }
    const at::Tensor m =
        at::tensor(at::ArrayRef<double>(flat), at::kDouble).reshape({images.size(0), 3, 4}).to(images.options());
    const at::Tensor pixels = images.reshape({images.size(0), 3, -1});
    return at::baddbmm(m.narrow(2, 3, 1), m.narrow(2, 0, 3), pixels).reshape(images.sizes());
}

// A grey picture has three equal channels, and becomes the mean of what they become.
at::Tensor apply_gray(const at::Tensor& images, const ColorMaps& maps) {
    std::vector<double> factors, offsets;
    for (const ColorMap& map : maps) {
        double factor = 0, offset = 0;
        for (const auto& row : map.m) {
            factor += (row[0] + row[1] + row[2]) / 3;
            offset += row[3] / 3;
        }
        factors.push_back(factor);
        offsets.push_back(offset);
    }
    const auto column = [&](const std::vector<double>& v) {
        return at::tensor(at::ArrayRef<double>(v), at::kDouble).reshape({-1, 1, 1, 1}).to(images.options());
    };
    return images * column(factors) + column(offsets);
}

} // namespace

at::Tensor augment_color(const at::Tensor& all, const AugmentStrengths& s, AugmentDraws& draws) {
    // Alpha, the last of two or four channels, is no colour and stays.
    const std::int64_t channels = all.size(1), colours = channels - (channels % 2 == 0 ? 1 : 0);
    const at::Tensor images = all.narrow(1, 0, colours);
    const bool gray = colours == 1;
    const bool light = s.brightness > 0 || s.contrast > 0 || s.lumaflip > 0;
    if (!light && (gray || !(s.hue > 0 || s.saturation > 0))) {
        return all;
    }
    ColorMaps maps(static_cast<std::size_t>(images.size(0)));
    draw_light(maps, s, draws);
    if (!gray) {
        draw_hues(maps, s, draws);
    }
    const at::Tensor made = gray ? apply_gray(images, maps) : apply_rgb(images, maps);
    return colours == channels ? made : at::cat({made, all.narrow(1, colours, 1)}, 1);
}

} // namespace atelier::train
