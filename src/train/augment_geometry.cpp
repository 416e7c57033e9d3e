// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <ATen/ATen.h>

#include "ops/grid_sample.h"
#include "ops/upfirdn2d.h"
#include "train/augment_stages.h"

namespace atelier::train {
namespace {

constexpr int filter_reach = 3; // pixels that the 12 taps reach at twice the resolution

// Where a pixel comes from: source = m * target + t, in pixels from the middle of the picture.
struct Inverse {
    double xx = 1, xy = 0, x = 0;
    double yx = 0, yy = 1, y = 0;

    // A transform that came before, given by its own inverse, acts last on the way back; hence from the right.
    void scale(double sx, double sy) {
        xx /= sx, yx /= sx;
        xy /= sy, yy /= sy;
    }
    void turn(double angle) {
        const double c = std::cos(angle), s = std::sin(angle);
        *this = {xx * c + xy * s, xy * c - xx * s, x, yx * c + yy * s, yy * c - yx * s, y};
    }
    void shift(double tx, double ty) {
        x -= xx * tx + xy * ty;
        y -= yx * tx + yy * ty;
    }
};

using Inverses = std::vector<Inverse>;

void draw_blits(Inverses& places, const AugmentStrengths& s, AugmentDraws& draws, double width, double height) {
    if (s.xflip > 0) {
        const auto flip = draws.values(Law::choice, 2, draws.chance(s.xflip));
        for (std::size_t i = 0; i < places.size(); ++i) {
            places[i].scale(1 - 2 * flip[i], 1);
        }
    }
    if (s.rotate90 > 0) {
        const auto quarters = draws.values(Law::choice, 4, draws.chance(s.rotate90));
        for (std::size_t i = 0; i < places.size(); ++i) {
            places[i].turn(std::numbers::pi / 2 * quarters[i]);
        }
    }
    if (s.xint > 0) {
        const auto t = draws.values(Law::symmetric, s.xint_max, draws.chance(s.xint), {2});
        for (std::size_t i = 0; i < places.size(); ++i) { // rounded in float32, half to even
            places[i].shift(std::nearbyint(t[2 * i] * static_cast<float>(width)),
                            std::nearbyint(t[2 * i + 1] * static_cast<float>(height)));
        }
    }
}

void draw_scale(Inverses& places, const AugmentStrengths& s, AugmentDraws& draws) {
    if (s.scale > 0) {
        const auto octaves = draws.values(Law::normal, s.scale_std, draws.chance(s.scale));
        for (std::size_t i = 0; i < places.size(); ++i) {
            const double factor = std::exp2(octaves[i]);
            places[i].scale(factor, factor);
        }
    }
}

// Half of the rotation, before or after the stretching: each happens with 1 - sqrt(1 - p), so that at least one of the
// two does with p.
void draw_rotation(Inverses& places, const AugmentStrengths& s, AugmentDraws& draws, bool after) {
    if (s.rotate > 0) {
        const float chance = 1 - std::sqrt(std::clamp(1 - draws.chance(s.rotate), 0.0F, 1.0F));
        const auto angle = draws.values(Law::symmetric, std::numbers::pi * s.rotate_max, chance);
        for (std::size_t i = 0; i < places.size() && !(after && draws.debug()); ++i) {
            places[i].turn(angle[i]);
        }
    }
}

void draw_stretch(Inverses& places, const AugmentStrengths& s, AugmentDraws& draws) {
    if (s.aniso > 0) {
        const auto octaves = draws.values(Law::normal, s.aniso_std, draws.chance(s.aniso));
        for (std::size_t i = 0; i < places.size(); ++i) {
            const double factor = std::exp2(octaves[i]);
            places[i].scale(factor, 1 / factor);
        }
    }
}

void draw_shift(Inverses& places, const AugmentStrengths& s, AugmentDraws& draws, double width, double height) {
    if (s.xfrac > 0) {
        const auto t = draws.values(Law::normal, s.xfrac_std, draws.chance(s.xfrac), {2});
        for (std::size_t i = 0; i < places.size(); ++i) {
            places[i].shift(t[2 * i] * width, t[2 * i + 1] * height);
        }
    }
}

// Pixels to reflect beyond each side (x0, x1, y0, y1), so that every picture of the batch finds what its corners and
// the two filters ask for; never more than can be reflected.
std::array<std::int64_t, 4> margins(const Inverses& places, std::int64_t width, std::int64_t height) {
    const double cx = static_cast<double>(width - 1) / 2, cy = static_cast<double>(height - 1) / 2;
    double x0 = -cx, x1 = -cx, y0 = -cy, y1 = -cy;
    for (const Inverse& m : places) {
        for (const auto& [u, v] : {std::pair{-cx, -cy}, {cx, -cy}, {cx, cy}, {-cx, cy}}) {
            const double x = m.xx * u + m.xy * v + m.x, y = m.yx * u + m.yy * v + m.y;
            x0 = std::max(x0, -x), x1 = std::max(x1, x);
            y0 = std::max(y0, -y), y1 = std::max(y1, y);
        }
    }
    const auto pixels = [](double reach, double half, std::int64_t size) {
        const double wanted = reach + 2 * filter_reach - half;
        return static_cast<std::int64_t>(std::ceil(std::clamp(wanted, 0.0, static_cast<double>(size - 1))));
    };
    return {pixels(x0, cx, width), pixels(x1, cx, width), pixels(y0, cy, height), pixels(y1, cy, height)};
}

// One row of the map from normalised target to normalised source coordinates, both at twice the resolution. There a
// point p pixels from the middle lies at 2p - 1/2: the filter has an even number of taps. `off` is in source pixels.
void put_row(std::vector<double>& theta, double mx, double my, double off, double source, double target_width,
             double target_height) {
    theta.push_back(mx * target_width / source);
    theta.push_back(my * target_height / source);
    theta.push_back((mx / 2 + my / 2 + 2 * off - 0.5) * 2 / source);
}

at::Tensor resample(const at::Tensor& images, const Inverses& places, const at::Tensor& filter) {
    const std::int64_t n = images.size(0), c = images.size(1), height = images.size(2), width = images.size(3);
    const auto [x0, x1, y0, y1] = margins(places, width, height);
    // The filters take every channel for itself; torch is up to 20 times faster with many channels of one picture than
    // with few of many. And axis by axis the first pass works on half as many pixels.
    at::Tensor y = at::reflection_pad2d(images, {x0, x1, y0, y1});
    y = y.reshape({1, n * c, y.size(2), y.size(3)});
    y = ops::upsample2d(y, filter.reshape({1, -1}), {.up = {2, 1}});
    y = ops::upsample2d(y, filter.reshape({-1, 1}), {.up = {1, 2}});
    y = y.reshape({n, c, y.size(2), y.size(3)});

    const std::int64_t target_width = (width + 2 * filter_reach) * 2, target_height = (height + 2 * filter_reach) * 2;
    const auto w = static_cast<double>(target_width), h = static_cast<double>(target_height);
    std::vector<double> theta;
    for (const Inverse& m : places) {
        put_row(theta, m.xx, m.xy, m.x + static_cast<double>(x0 - x1) / 2, static_cast<double>(y.size(3)), w, h);
        put_row(theta, m.yx, m.yy, m.y + static_cast<double>(y0 - y1) / 2, static_cast<double>(y.size(2)), w, h);
    }
    const at::Tensor maps = at::tensor(at::ArrayRef<double>(theta), at::kDouble).reshape({n, 2, 3});
    const at::Tensor grid = at::affine_grid_generator(maps.to(y.options()), {n, c, target_height, target_width}, false);
    y = ops::grid_sample(y, grid).reshape({1, n * c, target_height, target_width});
    constexpr int crop = -2 * filter_reach;
    y = ops::downsample2d(y, filter, {.down = {2, 2}, .padding = {crop, crop, crop, crop}, .flip_filter = true});
    return y.reshape({n, c, height, width});
}

} // namespace

at::Tensor augment_geometry(const at::Tensor& images, const AugmentStrengths& s, AugmentDraws& draws,
                            const at::Tensor& filter) {
    const double all[]{s.xflip, s.rotate90, s.xint, s.scale, s.rotate, s.aniso, s.xfrac};
    if (std::none_of(std::begin(all), std::end(all), [](double strength) { return strength > 0; })) {
        return images;
    }
    const auto height = static_cast<double>(images.size(2)), width = static_cast<double>(images.size(3));
    Inverses places(static_cast<std::size_t>(images.size(0)));
    draw_blits(places, s, draws, width, height);
    draw_scale(places, s, draws);
    draw_rotation(places, s, draws, false);
    draw_stretch(places, s, draws);
    draw_rotation(places, s, draws, true);
    draw_shift(places, s, draws, width, height);
    return resample(images, places, filter.to(images.device()));
}

} // namespace atelier::train
