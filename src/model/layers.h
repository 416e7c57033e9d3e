// SPDX-License-Identifier: Apache-2.0
// The building blocks of all networks: plain structs with handles to their tensors and a forward().
#pragma once

#include <optional>

#include <ATen/core/Tensor.h>

#include "model/config.h"
#include "model/parameters.h"
#include "ops/bias_act.h"

namespace atelier::model {

// x * rsqrt(mean(x^2) + 1e-8) over dimension 1.
at::Tensor normalize_2nd_moment(const at::Tensor& x);

// Fully connected layer with equalised learning rate (1710.10196, section 4.1).
struct FullyConnected {
    at::Tensor weight; // [out, in], stored divided by lr_multiplier
    at::Tensor bias;   // [out] or undefined
    ops::Activation activation = ops::Activation::linear;
    double weight_gain = 1; // lr_multiplier / sqrt(in)
    double bias_gain = 1;   // lr_multiplier

    struct Options {
        ops::Activation activation = ops::Activation::linear;
        double lr_multiplier = 1;
        double bias_init = 0;
        bool bias = true;
    };
    FullyConnected() = default;
    FullyConnected(const Scope& scope, int in, int out, const Options& options);
    at::Tensor forward(const at::Tensor& x) const; // [N,in] -> [N,out], computed in x's dtype
};

// Convolution, bias, activation, optional resampling (discriminator and residual skips).
struct ConvLayer {
    at::Tensor weight; // [out, in, k, k]
    at::Tensor bias;   // [out] or undefined
    at::Tensor resample_filter;
    ops::Activation activation = ops::Activation::linear;
    int kernel = 1, up = 1, down = 1;
    double weight_gain = 1; // 1 / sqrt(in k k)
    std::optional<double> clamp;

    struct Options {
        int kernel = 1;
        bool bias = true;
        ops::Activation activation = ops::Activation::linear;
        int up = 1, down = 1;
        std::optional<double> clamp;
        bool trainable = true; // false: weight and bias are buffers
    };
    ConvLayer() = default;
    ConvLayer(const Scope& scope, int in, int out, const at::Tensor& filter, const Options& options);
    // [N,in,H,W] -> [N,out,H*up/down,W*up/down]; gain scales the output and the clamp with it.
    at::Tensor forward(const at::Tensor& x, double gain = 1) const;
};

// Minibatch standard deviation (1710.10196, section 3): appends `channels` features. group: none = the whole batch.
// Sample n belongs to group n mod (N / G). Throws Error if N doesn't divide into groups.
at::Tensor minibatch_std(const at::Tensor& x, std::optional<int> group, int channels);

// One modulated convolution with noise, bias and activation (1912.04958, fig. 2).
struct SynthesisLayer {
    at::Tensor weight;         // [out, in, 3, 3]
    at::Tensor noise_const;    // [height, width]; undefined without noise
    at::Tensor noise_strength; // scalar
    at::Tensor bias;           // [out]
    at::Tensor resample_filter;
    FullyConnected affine; // w_dim -> in
    ops::Activation activation = ops::Activation::lrelu;
    int height = 0, width = 0; // of what it makes, px
    int up = 1;
    std::optional<double> clamp;

    SynthesisLayer() = default;
    // resolution: of its block, by name.
    SynthesisLayer(const Scope& scope, int in, int out, int resolution, int up, const SynthesisConfig& config,
                   const at::Tensor& filter);
    // noise: [height,width] or [N,1,height,width] already times its strength, or undefined.
    at::Tensor forward(const at::Tensor& x, const at::Tensor& w, const at::Tensor& noise, double gain = 1) const;
};

// 1x1 modulated convolution without demodulation to the picture's channels.
struct ToRgb {
    at::Tensor weight; // [img_channels, in, 1, 1]
    at::Tensor bias;   // [img_channels]
    FullyConnected affine;
    double weight_gain = 1; // 1 / sqrt(in), multiplies the styles
    std::optional<double> clamp;

    ToRgb() = default;
    ToRgb(const Scope& scope, int in, const SynthesisConfig& config);
    at::Tensor forward(const at::Tensor& x, const at::Tensor& w) const;
};

} // namespace atelier::model
