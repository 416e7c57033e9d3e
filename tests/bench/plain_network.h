// SPDX-License-Identifier: Apache-2.0
// The synthesis network in stock torch ops, as most ports write it: what our speed is compared with. Owns handles to
// the weights of a generator.
#pragma once

#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "model/synthesis.h"

namespace atelier::bench {

// Modulated convolution with a weight of its own for each picture (w * s, demodulated), one group per picture.
// x [N,I,H,W], w [O,I,k,k], s [N,I] -> [N,O,H*up,W*up]; up is 1 or 2 (with k = 3), fir [4,4] is used by up = 2 only.
at::Tensor plain_modulated_conv2d(const at::Tensor& x, const at::Tensor& w, const at::Tensor& s, const at::Tensor& fir,
                                  int up, bool demodulate);

// Pads with p0 zeros left and above, p1 right and below, then filters with all 4x4 taps of fir * gain.
at::Tensor plain_fir(const at::Tensor& x, const at::Tensor& fir, int p0, int p1, double gain);

// Bias, leaky ReLU and gain as three ops.
at::Tensor plain_bias_lrelu(const at::Tensor& x, const at::Tensor& bias);

class PlainNetwork {
public:
    // Throws Error unless it is a skip network with leaky ReLU, noise, four resampling taps and no clamp.
    explicit PlainNetwork(const model::Generator& generator);

    // ws [N,num_ws,w_dim] float32 -> [N,img_channels,res,res] float32, constant noise.
    at::Tensor forward(const at::Tensor& ws) const;

private:
    struct Affine {
        at::Tensor weight, bias;
        double gain = 1;
    };
    struct Layer {
        at::Tensor weight, bias;
        Affine affine;
        at::Tensor noise_const, noise_strength;
        int up = 1;
    };
    struct Rgb {
        at::Tensor weight, bias;
        Affine affine;
        double gain = 1;
    };
    struct Block {
        std::optional<Layer> conv0;
        Layer conv1;
        Rgb torgb;
    };

    static Affine affine_of(const model::FullyConnected& layer);
    static Layer layer_of(const model::SynthesisLayer& layer);
    static at::Tensor styles(const Affine& affine, const at::Tensor& w);
    at::Tensor run(const Layer& layer, const at::Tensor& x, const at::Tensor& w) const;

    at::Tensor const_input_, fir_;
    std::vector<Block> blocks_;
};

} // namespace atelier::bench
