// SPDX-License-Identifier: Apache-2.0
#include "ops/upfirdn2d.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "ops/fir_function.h"
#ifdef ATELIER_WITH_CUDA
#include "ops/upfirdn2d_cuda.h"
#include "ops/upfirdn2d_function.h"
#endif

namespace atelier::ops {
namespace {

at::Tensor zero_insert(const at::Tensor& x, XY up) {
    if (up[0] == 1 && up[1] == 1) {
        return x;
    }
    const auto n = x.size(0), c = x.size(1), h = x.size(2), w = x.size(3);
    at::Tensor y = x.reshape({n, c, h, 1, w, 1});
    y = at::constant_pad_nd(y, {0, up[0] - 1, 0, 0, 0, up[1] - 1});
    return y.reshape({n, c, h * up[1], w * up[0]});
}

at::Tensor pad_or_crop(const at::Tensor& x, const Padding& p) {
    if (p == Padding{0, 0, 0, 0}) {
        return x;
    }
    const auto height = x.size(2) + p[2] + p[3];
    const auto width = x.size(3) + p[0] + p[1];
    if (height < 1 || width < 1) {
        fail("Resampling a {}x{} picture with padding {},{},{},{} leaves nothing of it.", x.size(3), x.size(2), p[0],
             p[1], p[2], p[3]);
    }
    return at::constant_pad_nd(x, {p[0], p[1], p[2], p[3]}); // negative amounts crop
}

// One depthwise pass; kernel [kh,kw] is correlated with every channel.
at::Tensor correlate(const at::Tensor& x, const at::Tensor& kernel, XY down) {
    if (x.size(2) < kernel.size(0) || x.size(3) < kernel.size(1)) {
        fail("Resampling leaves a {}x{} picture, smaller than its {}x{} filter.", x.size(3), x.size(2), kernel.size(1),
             kernel.size(0));
    }
    // The filter is the same for all, so the channels of all pictures pass as those of one: with few channels a
    // picture the library is many times slower.
    if (x.size(0) > 1 && x.size(1) <= 4) {
        const at::Tensor one = x.reshape({1, x.size(0) * x.size(1), x.size(2), x.size(3)});
        const at::Tensor y = correlate(one, kernel, down);
        return y.reshape({x.size(0), x.size(1), y.size(2), y.size(3)});
    }
    // oneDNN's gradient of a strided depthwise convolution in bfloat16 takes twenty times as long as without a stride.
    if (x.scalar_type() == at::kBFloat16 && x.is_cpu() && x.requires_grad() && at::GradMode::is_enabled() &&
        down != XY{1, 1}) {
        return correlate(x, kernel, {1, 1}).slice(2, 0, std::nullopt, down[1]).slice(3, 0, std::nullopt, down[0]);
    }
    const auto channels = x.size(1);
    const at::Tensor weight =
        kernel.to(x.scalar_type()).expand({channels, 1, kernel.size(0), kernel.size(1)}).contiguous();
    return at::conv2d(x, weight, {}, at::IntArrayRef{down[1], down[0]}, at::IntArrayRef{0, 0}, at::IntArrayRef{1, 1},
                      channels);
}

Resample with_padding(Resample how, int x0, int x1, int y0, int y1) {
    how.padding[0] += x0;
    how.padding[1] += x1;
    how.padding[2] += y0;
    how.padding[3] += y1;
    return how;
}

} // namespace

XY filter_size(const at::Tensor& f) {
    if (!f.defined()) {
        return {1, 1};
    }
    return {static_cast<int>(f.size(-1)), static_cast<int>(f.size(0))};
}

at::Tensor setup_filter(const at::Tensor& taps, const FilterOptions& options) {
    if (taps.dim() < 1 || taps.dim() > 2 || taps.numel() == 0) {
        fail("A resampling filter has 1 or 2 dimensions, not {}.", taps.dim());
    }
    at::Tensor f = taps.to(at::kFloat);
    const bool separable = options.separable == FilterOptions::Separable::automatic
                               ? f.dim() == 1 && f.numel() >= 8
                               : options.separable == FilterOptions::Separable::yes;
    if (f.dim() == 1 && !separable) {
        f = at::outer(f, f);
    }
    if (options.normalize) {
        f = f / f.sum();
    }
    if (options.flip) {
        f = f.dim() == 1 ? f.flip({0}) : f.flip({0, 1});
    }
    return (f * std::pow(options.gain, f.dim() / 2.0)).contiguous();
}

at::Tensor upfirdn2d(const at::Tensor& x, const at::Tensor& f, const Resample& how) {
    if (const std::optional<at::Tensor> y = fir_on_cpu(x, f, how)) {
        return *y;
    }
#ifdef ATELIER_WITH_CUDA
    if (x.is_cuda() && upfirdn_kernel_takes(x, f, how)) {
        return upfirdn2d_cuda(x, f, how);
    }
#endif
    at::Tensor y = pad_or_crop(zero_insert(x, how.up), how.padding);
    if (!f.defined()) {
        y = how.gain == 1 ? y : y * how.gain;
        return y.slice(2, 0, std::nullopt, how.down[1]).slice(3, 0, std::nullopt, how.down[0]);
    }
    at::Tensor taps = f * std::pow(how.gain, f.dim() / 2.0);
    if (taps.dim() == 2) {
        return correlate(y, how.flip_filter ? taps : taps.flip({0, 1}), how.down);
    }
    if (!how.flip_filter) {
        taps = taps.flip({0});
    }
    y = correlate(y, taps.reshape({1, -1}), {how.down[0], 1});
    return correlate(y, taps.reshape({-1, 1}), {1, how.down[1]});
}

at::Tensor filter2d(const at::Tensor& x, const at::Tensor& f, Resample how) {
    const XY size = filter_size(f);
    return upfirdn2d(x, f, with_padding(how, size[0] / 2, (size[0] - 1) / 2, size[1] / 2, (size[1] - 1) / 2));
}

at::Tensor upsample2d(const at::Tensor& x, const at::Tensor& f, Resample how) {
    const XY size = filter_size(f);
    how.gain *= how.up[0] * how.up[1];
    return upfirdn2d(x, f,
                     with_padding(how, (size[0] + how.up[0] - 1) / 2, (size[0] - how.up[0]) / 2,
                                  (size[1] + how.up[1] - 1) / 2, (size[1] - how.up[1]) / 2));
}

at::Tensor downsample2d(const at::Tensor& x, const at::Tensor& f, Resample how) {
    const XY size = filter_size(f);
    return upfirdn2d(x, f,
                     with_padding(how, (size[0] - how.down[0] + 1) / 2, (size[0] - how.down[0]) / 2,
                                  (size[1] - how.down[1] + 1) / 2, (size[1] - how.down[1]) / 2));
}

} // namespace atelier::ops
