// SPDX-License-Identifier: Apache-2.0
// The stages of AugmentPipe, in their order (2006.06676, figure 14). Internal to augment.
#pragma once

#include <array>

#include <ATen/core/Tensor.h>

#include "train/augment.h"
#include "train/augment_draws.h"

namespace atelier::train {

// Each takes pictures [N,C,H,W] and gives the same shape; it draws nothing and returns them as they are if none of its
// strengths is above 0.

// Flips, turns, shifts and scalings, resampled once; filter [12] is used for both directions.
at::Tensor augment_geometry(const at::Tensor& images, const AugmentStrengths& s, AugmentDraws& draws,
                            const at::Tensor& filter);
at::Tensor augment_color(const at::Tensor& images, const AugmentStrengths& s, AugmentDraws& draws);
// Amplifies frequency bands. Throws Error if the pictures are no larger than 21 pixels a side.
at::Tensor augment_bands(const at::Tensor& images, const AugmentStrengths& s, AugmentDraws& draws);
at::Tensor augment_noise(const at::Tensor& images, const AugmentStrengths& s, AugmentDraws& draws);
at::Tensor augment_cutout(const at::Tensor& images, const AugmentStrengths& s, AugmentDraws& draws);

// Four band-pass filters that add up to a single tap: below 1/8, to 1/4, to 1/2 and to all of the Nyquist frequency.
constexpr std::size_t filter_bands = 4, filter_taps = 43;
using FilterBank = std::array<std::array<double, filter_taps>, filter_bands>;
const FilterBank& wavelet_bank();

} // namespace atelier::train
