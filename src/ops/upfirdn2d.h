// SPDX-License-Identifier: Apache-2.0
// Upsample, FIR-filter, downsample (StyleGAN2, 1912.04958, appendix B; the resampling of all networks).
#pragma once

#include <array>
#include <vector>

#include <ATen/core/Tensor.h>

namespace atelier::ops {

using XY = std::array<int, 2>;      // x, y
using Padding = std::array<int, 4>; // x0, x1, y0, y1; negative values crop

struct Resample {
    XY up{1, 1};
    XY down{1, 1};
    Padding padding{0, 0, 0, 0}; // applied after the zero insertion
    bool flip_filter = false;    // false: convolution, true: correlation
    double gain = 1;
};

struct FilterOptions {
    bool normalize = true; // divide by the sum
    bool flip = false;
    double gain = 1; // gain^(ndim/2) is multiplied in
    // 1-D taps stay 1-D (applied per axis) if true; by default when there are at least 8.
    enum class Separable { automatic, yes, no } separable = Separable::automatic;
};

// f: [taps] or [rows, taps] -> float32 [taps] or [rows, taps]. Throws Error for other ranks.
at::Tensor setup_filter(const at::Tensor& f, const FilterOptions& options = {});

// x [N,C,H,W] float; f float32 [fh,fw], or [taps] for both axes, or undefined for none.
// Zero-insert by `up`, pad or crop, filter with f * gain, keep every `down`th. Differentiable twice in x.
// Returns x's dtype. Throws Error if nothing of the picture is left.
at::Tensor upfirdn2d(const at::Tensor& x, const at::Tensor& f, const Resample& how);

// upfirdn2d with the padding that keeps the picture in place (added to how.padding); upsample2d also adds the
// gain up.x * up.y. how.up / how.down give the factors.
at::Tensor filter2d(const at::Tensor& x, const at::Tensor& f, Resample how = {});
at::Tensor upsample2d(const at::Tensor& x, const at::Tensor& f, Resample how);
at::Tensor downsample2d(const at::Tensor& x, const at::Tensor& f, Resample how);

// Width (x) and height (y) in taps; {1, 1} for an undefined filter.
XY filter_size(const at::Tensor& f);

} // namespace atelier::ops
