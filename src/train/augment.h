// SPDX-License-Identifier: Apache-2.0
// Adaptive discriminator augmentation (2006.06676, appendix B): 18 transforms, differentiable twice in the pictures.
// The strength p belongs to the caller, who adapts it.
#pragma once

#include <array>
#include <optional>
#include <string>

#include <ATen/core/Tensor.h>
#include <nlohmann/json_fwd.hpp>

#include "train/random.h"

namespace atelier::train {

// A transform happens to a picture with probability multiplier * p; multiplier 0 leaves it out. Defaults are those of
// the paper. Names are those of the arguments stored in checkpoints.
struct AugmentStrengths {
    // Pixel blitting.
    double xflip = 0, rotate90 = 0, xint = 0;
    double xint_max = 0.125; // furthest shift, of the picture's size
    // General geometry.
    double scale = 0, rotate = 0, aniso = 0, xfrac = 0;
    double scale_std = 0.2;   // of log2 of the factor
    double rotate_max = 1;    // of half a turn
    double aniso_std = 0.2;   // of log2 of the factor
    double xfrac_std = 0.125; // of the shift, of the picture's size
    // Colour.
    double brightness = 0, contrast = 0, lumaflip = 0, hue = 0, saturation = 0;
    double brightness_std = 0.2;
    double contrast_std = 0.5;                         // of log2 of the factor
    double hue_max = 1;                                // of half a turn
    double saturation_std = 1;                         // of log2 of the factor
    double imgfilter = 0;                              // amplification of four frequency bands
    std::array<double, 4> imgfilter_bands{1, 1, 1, 1}; // probability factors, low to high
    double imgfilter_std = 1;                          // of log2 of the factor
    // Corruption.
    double noise = 0, cutout = 0;
    double noise_std = 0.1;   // of the half-normal standard deviation
    double cutout_size = 0.5; // side of the hole, of the picture's size
    bool operator==(const AugmentStrengths&) const = default;
};

// blit, geom, color, filter, noise, cutout, bg, bgc, bgcf, bgcfn, bgcfnc. Throws Error naming these for any other.
AugmentStrengths augment_preset(const std::string& name);

// {"xflip": 1, "scale_std": 0.3, ...}; what is absent keeps its default. Throws Error, beginning with `what`, if a name
// is unknown or a value of the wrong kind.
AugmentStrengths augment_strengths_from_json(const nlohmann::json& kwargs, const std::string& what);

class AugmentPipe {
public:
    explicit AugmentPipe(const AugmentStrengths& strengths);

    // images [N,C,H,W] floating, about -1..1, C = 1 to 4 (the last of 2 or 4 is alpha, which
    // colours leave alone), any device -> the same. Draws come in a fixed order: each
    // transform's value, then its gate. With geometry in use the pictures are resampled even at p = 0 (error 2e-6).
    // debug_percentile (0..1): every transform happens, with this percentile of its distribution; draws are still
    // made, and the image of the noise stays random. Throws Error for other shapes, and for pictures of 21 pixels or
    // less a side if the filter is in use.
    at::Tensor forward(const at::Tensor& images, double p, Random& random,
                       std::optional<double> debug_percentile = {}) const;

    const AugmentStrengths& strengths() const { return strengths_; }
    const at::Tensor& geometry_filter() const { return geometry_filter_; } // float32 [12] on the CPU, sum 1
    at::Tensor filter_bank() const;                                        // float32 [4,43] on the CPU, low to high

private:
    AugmentStrengths strengths_;
    at::Tensor geometry_filter_;
};

} // namespace atelier::train
