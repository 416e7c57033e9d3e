// SPDX-License-Identifier: Apache-2.0
#include "bench/plain_network.h"

#include <cmath>

#include "base/error.h"

namespace atelier::bench {

at::Tensor plain_fir(const at::Tensor& x, const at::Tensor& fir, int p0, int p1, double gain) {
    const auto channels = x.size(1);
    const at::Tensor taps = (fir.flip({0, 1}) * gain).reshape({1, 1, 4, 4}).repeat({channels, 1, 1, 1});
    const at::Tensor padded = at::constant_pad_nd(x, {p0, p1, p0, p1});
    return at::conv2d(padded, taps, {}, at::IntArrayRef{1, 1}, at::IntArrayRef{0, 0}, at::IntArrayRef{1, 1}, channels);
}

at::Tensor plain_bias_lrelu(const at::Tensor& x, const at::Tensor& bias) {
    const at::Tensor y = at::leaky_relu(x + bias.reshape({1, -1, 1, 1}), 0.2);
    return y * std::sqrt(2.0);
}

at::Tensor plain_modulated_conv2d(const at::Tensor& x, const at::Tensor& w, const at::Tensor& s, const at::Tensor& fir,
                                  int up, bool demodulate) {
    const auto n = x.size(0), in = x.size(1), height = x.size(2), width = x.size(3);
    const auto out = w.size(0), k = w.size(2);
    at::Tensor weight = w.unsqueeze(0) * s.reshape({n, 1, in, 1, 1}); // [N,O,I,k,k]
    if (demodulate) {
        const at::Tensor d = (weight.square().sum(at::IntArrayRef{2, 3, 4}) + 1e-8).rsqrt();
        weight = weight * d.reshape({n, out, 1, 1, 1});
    }
    at::Tensor y = x.reshape({1, n * in, height, width});
    if (up == 1) {
        y = at::conv2d(y, weight.reshape({n * out, in, k, k}), {}, at::IntArrayRef{1, 1}, at::IntArrayRef{k / 2, k / 2},
                       at::IntArrayRef{1, 1}, n);
    } else {
        weight = weight.transpose(1, 2).reshape({n * in, out, k, k});
        y = at::conv_transpose2d(y, weight, {}, at::IntArrayRef{2, 2}, at::IntArrayRef{0, 0}, at::IntArrayRef{0, 0}, n,
                                 at::IntArrayRef{1, 1});
        y = plain_fir(y, fir, 1, 1, 4);
    }
    return y.reshape({n, out, height * up, width * up});
}

PlainNetwork::Affine PlainNetwork::affine_of(const model::FullyConnected& layer) {
    return {layer.weight, layer.bias, layer.weight_gain};
}

PlainNetwork::Layer PlainNetwork::layer_of(const model::SynthesisLayer& layer) {
    return {layer.weight, layer.bias, affine_of(layer.affine), layer.noise_const, layer.noise_strength, layer.up};
}

PlainNetwork::PlainNetwork(const model::Generator& generator) {
    const model::SynthesisConfig& config = generator.config.synthesis;
    if (config.architecture != model::Architecture::skip || config.activation != ops::Activation::lrelu ||
        config.conv_clamp || !config.use_noise || config.resample_filter.size() != 4) {
        fail("The plain network is of the skip architecture with leaky ReLU, noise, 4 taps and no clamp only.");
    }
    const_input_ = generator.synthesis.blocks.front().const_input;
    fir_ = generator.synthesis.blocks.front().resample_filter;
    for (const model::SynthesisBlock& from : generator.synthesis.blocks) {
        Block block;
        if (from.conv0) {
            block.conv0 = layer_of(*from.conv0);
        }
        block.conv1 = layer_of(from.conv1);
        block.torgb = {from.torgb->weight, from.torgb->bias, affine_of(from.torgb->affine), from.torgb->weight_gain};
        blocks_.push_back(std::move(block));
    }
}

at::Tensor PlainNetwork::styles(const Affine& affine, const at::Tensor& w) {
    return at::linear(w, affine.weight * affine.gain, affine.bias);
}

at::Tensor PlainNetwork::run(const Layer& layer, const at::Tensor& x, const at::Tensor& w) const {
    at::Tensor y = plain_modulated_conv2d(x, layer.weight, styles(layer.affine, w), fir_, layer.up, true);
    y = y + layer.noise_const * layer.noise_strength;
    return plain_bias_lrelu(y, layer.bias);
}

at::Tensor PlainNetwork::forward(const at::Tensor& ws) const {
    const auto n = ws.size(0);
    at::Tensor x = const_input_.unsqueeze(0).repeat({n, 1, 1, 1}), img;
    std::int64_t layer = 0;
    for (const Block& block : blocks_) {
        if (block.conv0) {
            x = run(*block.conv0, x, ws.select(1, layer++));
        }
        x = run(block.conv1, x, ws.select(1, layer++));
        // The picture takes the w of the next block's first layer.
        const at::Tensor s = styles(block.torgb.affine, ws.select(1, layer)) * block.torgb.gain;
        const at::Tensor rgb =
            plain_modulated_conv2d(x, block.torgb.weight, s, fir_, 1, false) + block.torgb.bias.reshape({1, -1, 1, 1});
        if (img.defined()) {
            const auto h = img.size(2), w = img.size(3);
            at::Tensor wide = at::constant_pad_nd(img.reshape({n, img.size(1), h, 1, w, 1}), {0, 1, 0, 0, 0, 1});
            img = plain_fir(wide.reshape({n, img.size(1), h * 2, w * 2}), fir_, 2, 1, 4) + rgb;
        } else {
            img = rgb;
        }
    }
    return img;
}

} // namespace atelier::bench
