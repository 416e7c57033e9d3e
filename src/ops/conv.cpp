// SPDX-License-Identifier: Apache-2.0
#include "ops/conv.h"

#include <algorithm>

#include "ops/conv_function.h"

namespace atelier::ops {
namespace {

at::Tensor plain_conv(const at::Tensor& x, const at::Tensor& w, int stride, XY pad, int groups) {
    if (groups == 1 && x.device().is_cpu()) {
        return convolve(x, w, {stride, {pad[1], pad[0]}, false});
    }
    return at::conv2d(x, w, {}, at::IntArrayRef{stride, stride}, at::IntArrayRef{pad[1], pad[0]}, at::IntArrayRef{1, 1},
                      groups);
}

// Zero insertion and convolution in one: the adjoint of a strided correlation with the same kernel, which is a
// convolution, so a correlation needs its kernel flipped here.
at::Tensor transposed_conv(const at::Tensor& x, const at::Tensor& w, int stride, XY pad, int groups) {
    if (groups == 1 && x.device().is_cpu()) {
        return convolve(x, w.transpose(0, 1).contiguous(), {stride, {pad[1], pad[0]}, true});
    }
    const auto out = w.size(0) / groups, in = w.size(1);
    const at::Tensor weight = w.reshape({groups, out, in, w.size(2), w.size(3)})
                                  .transpose(1, 2)
                                  .reshape({groups * in, out, w.size(2), w.size(3)});
    return at::conv_transpose2d(x, weight, {}, at::IntArrayRef{stride, stride}, at::IntArrayRef{pad[1], pad[0]},
                                at::IntArrayRef{0, 0}, groups, at::IntArrayRef{1, 1});
}

} // namespace

at::Tensor conv2d_resample(const at::Tensor& x, const at::Tensor& w, const at::Tensor& f, const ConvResample& how) {
    const int up = how.up, down = how.down;
    const int kh = static_cast<int>(w.size(2)), kw = static_cast<int>(w.size(3));
    const XY fir = filter_size(f);
    Padding p = how.padding;
    if (up > 1) {
        p[0] += (fir[0] + up - 1) / 2;
        p[1] += (fir[0] - up) / 2;
        p[2] += (fir[1] + up - 1) / 2;
        p[3] += (fir[1] - up) / 2;
    }
    if (down > 1) {
        p[0] += (fir[0] - down + 1) / 2;
        p[1] += (fir[0] - down) / 2;
        p[2] += (fir[1] - down + 1) / 2;
        p[3] += (fir[1] - down) / 2;
    }
    const double up_gain = static_cast<double>(up) * up;
    const at::Tensor correlation = how.flip_weight ? w : w.flip({2, 3});

    if (kh == 1 && kw == 1 && up == 1 && down > 1) {
        const at::Tensor y = upfirdn2d(x, f, {{1, 1}, {down, down}, p, how.flip_filter, 1});
        return plain_conv(y, correlation, 1, {0, 0}, how.groups);
    }
    if (kh == 1 && kw == 1 && up > 1 && down == 1) {
        const at::Tensor y = plain_conv(x, correlation, 1, {0, 0}, how.groups);
        return upfirdn2d(y, f, {{up, up}, {1, 1}, p, how.flip_filter, up_gain});
    }
    if (up == 1 && down > 1) {
        const at::Tensor y = upfirdn2d(x, f, {{1, 1}, {1, 1}, p, how.flip_filter, 1});
        return plain_conv(y, correlation, down, {0, 0}, how.groups);
    }
    if (up > 1) {
        // Convolving the zero-inserted picture comes first; what it adds at the borders is taken from the padding,
        // and what the padding would crop is not computed.
        p = {p[0] - (kw - 1), p[1] - (kw - up), p[2] - (kh - 1), p[3] - (kh - up)};
        const int crop_x = std::max(std::min(-p[0], -p[1]), 0);
        const int crop_y = std::max(std::min(-p[2], -p[3]), 0);
        const at::Tensor weight = how.flip_weight ? w.flip({2, 3}) : w;
        at::Tensor y = transposed_conv(x, weight, up, {crop_x, crop_y}, how.groups);
        y = upfirdn2d(
            y, f,
            {{1, 1}, {1, 1}, {p[0] + crop_x, p[1] + crop_x, p[2] + crop_y, p[3] + crop_y}, how.flip_filter, up_gain});
        return down == 1 ? y : upfirdn2d(y, f, {{1, 1}, {down, down}, {0, 0, 0, 0}, how.flip_filter, 1});
    }
    if (p[0] == p[1] && p[2] == p[3] && p[0] >= 0 && p[2] >= 0) {
        return plain_conv(x, correlation, 1, {p[0], p[2]}, how.groups);
    }
    const at::Tensor y = upfirdn2d(x, {}, {{1, 1}, {1, 1}, p, false, 1});
    return plain_conv(y, correlation, 1, {0, 0}, how.groups);
}

} // namespace atelier::ops
