// SPDX-License-Identifier: Apache-2.0
#include "model/layers.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "ops/conv.h"
#include "ops/modulated_conv.h"

namespace atelier::model {

at::Tensor normalize_2nd_moment(const at::Tensor& x) {
    return x * (x.square().mean(at::IntArrayRef{1}, true) + 1e-8).rsqrt();
}

FullyConnected::FullyConnected(const Scope& scope, int in, int out, const Options& options)
    : activation(options.activation), weight_gain(options.lr_multiplier / std::sqrt(static_cast<double>(in))),
      bias_gain(options.lr_multiplier) {
    weight = scope.parameter("weight", {out, in}, Init::normal(1 / options.lr_multiplier));
    if (options.bias) {
        bias = scope.parameter("bias", {out}, Init::constant(options.bias_init));
    }
}

at::Tensor FullyConnected::forward(const at::Tensor& x) const {
    const at::Tensor w = weight.to(x.scalar_type()) * weight_gain;
    at::Tensor b = bias;
    if (b.defined()) {
        b = b.to(x.scalar_type());
        b = bias_gain == 1 ? b : b * bias_gain;
    }
    if (activation == ops::Activation::linear && b.defined()) {
        return at::addmm(b.unsqueeze(0), x, w.t());
    }
    return ops::bias_act(x.matmul(w.t()), b, {activation, {}, {}, {}});
}

ConvLayer::ConvLayer(const Scope& scope, int in, int out, const at::Tensor& filter, const Options& options)
    : activation(options.activation), kernel(options.kernel), up(options.up), down(options.down),
      weight_gain(1 / std::sqrt(static_cast<double>(in) * options.kernel * options.kernel)), clamp(options.clamp) {
    resample_filter = scope.buffer("resample_filter", filter.sizes(), Init::tensor(filter));
    const auto take = [&](const char* name, at::IntArrayRef shape, const Init& init) {
        return options.trainable ? scope.parameter(name, shape, init) : scope.buffer(name, shape, init);
    };
    weight = take("weight", {out, in, kernel, kernel}, Init::normal());
    if (options.bias) {
        bias = take("bias", {out}, Init::constant(0));
    }
}

at::Tensor ConvLayer::forward(const at::Tensor& x, double gain) const {
    ops::ConvResample how;
    how.up = up;
    how.down = down;
    const int pad = kernel / 2;
    how.padding = {pad, pad, pad, pad};
    how.flip_weight = up == 1;
    const at::Tensor w = (weight * weight_gain).to(x.scalar_type());
    ops::BiasAct tail{activation, {}, ops::default_gain(activation) * gain, {}};
    if (clamp) {
        tail.clamp = *clamp * gain;
    }
    return ops::bias_act(ops::conv2d_resample(x, w, resample_filter, how), bias, tail);
}

at::Tensor minibatch_std(const at::Tensor& x, std::optional<int> group, int channels) {
    const auto n = x.size(0), c = x.size(1), h = x.size(2), w = x.size(3);
    const std::int64_t g = group ? std::min<std::int64_t>(*group, n) : n;
    if (g < 1 || n % g != 0 || channels < 1 || c % channels != 0) {
        fail("A batch of {} pictures does not divide into groups of {} for the minibatch standard deviation.", n, g);
    }
    at::Tensor y = x.reshape({g, n / g, channels, c / channels, h, w});
    y = y - y.mean(at::IntArrayRef{0}, true);
    y = (y.square().mean(at::IntArrayRef{0}) + 1e-8).sqrt();               // [n/g, F, c/F, h, w]
    y = y.mean(at::IntArrayRef{2, 3, 4}).reshape({n / g, channels, 1, 1}); // [n/g, F, 1, 1]
    y = y.repeat({g, 1, h, w});
    return at::cat({x, y}, 1);
}

SynthesisLayer::SynthesisLayer(const Scope& scope, int in, int out, int resolution, int up_,
                               const SynthesisConfig& config, const at::Tensor& filter)
    : activation(config.activation), height(config.first_block.height_at(resolution)),
      width(config.first_block.width_at(resolution)), up(up_), clamp(config.conv_clamp) {
    resample_filter = scope.buffer("resample_filter", filter.sizes(), Init::tensor(filter));
    weight = scope.parameter("weight", {out, in, 3, 3}, Init::normal());
    if (config.use_noise) {
        noise_const = scope.buffer("noise_const", {height, width}, Init::normal());
        noise_strength = scope.parameter("noise_strength", {}, Init::constant(0));
    }
    bias = scope.parameter("bias", {out}, Init::constant(0));
    affine = FullyConnected(scope.sub("affine"), config.w_dim, in, {ops::Activation::linear, 1, 1, true});
}

at::Tensor SynthesisLayer::forward(const at::Tensor& x, const at::Tensor& w, const at::Tensor& noise,
                                   double gain) const {
    ops::BiasAct tail{activation, {}, ops::default_gain(activation) * gain, {}};
    if (clamp) {
        tail.clamp = *clamp * gain;
    }
    return ops::modulated_layer(x, weight, affine.forward(w), resample_filter, noise, bias, {up, 1, true, up == 1},
                                tail);
}

ToRgb::ToRgb(const Scope& scope, int in, const SynthesisConfig& config)
    : weight_gain(1 / std::sqrt(static_cast<double>(in))), clamp(config.conv_clamp) {
    weight = scope.parameter("weight", {config.img_channels, in, 1, 1}, Init::normal());
    bias = scope.parameter("bias", {config.img_channels}, Init::constant(0));
    affine = FullyConnected(scope.sub("affine"), config.w_dim, in, {ops::Activation::linear, 1, 1, true});
}

at::Tensor ToRgb::forward(const at::Tensor& x, const at::Tensor& w) const {
    const at::Tensor styles = affine.forward(w) * weight_gain;
    return ops::modulated_layer(x, weight, styles, {}, {}, bias, {1, 0, false, true},
                                {ops::Activation::linear, {}, {}, clamp});
}

} // namespace atelier::model
