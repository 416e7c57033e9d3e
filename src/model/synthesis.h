// SPDX-License-Identifier: Apache-2.0
// The synthesis network ws -> picture (StyleGAN2, 1912.04958, fig. 2 and 7) and the generator around it.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/render_params.h"
#include "model/layers.h"
#include "model/mapping.h"

namespace atelier::model {

struct SynthesisOptions {
    NoiseMode noise = NoiseMode::constant;
    double noise_strength = 1;      // multiplies the learned strengths
    std::vector<float> layer_noise; // multiplies them by convolution, in their order; beyond its end: 1
    // NoiseMode::random: returns N(0,1) of [n,1,height,width] float32 on the CPU, called in the order b4.conv1,
    // b8.conv0, b8.conv1, ...; torch's default generator when empty.
    std::function<at::Tensor(std::int64_t n, int height, int width)> random_noise;
    bool force_fp32 = false;         // ignore the model's fp16 resolutions
    at::ScalarType half = at::kHalf; // what they are computed in; kBFloat16 suits the CPU
    bool channels_last = false;      // memory format of the activations; faster on the CPU
    // Called with each block's outputs: x in the block's dtype, img float32 or undefined.
    std::function<void(int resolution, const at::Tensor& x, const at::Tensor& img)> on_block;
};

struct SynthesisBlock {
    int resolution = 0;
    bool use_fp16 = false;
    Architecture architecture = Architecture::skip;
    at::Tensor resample_filter;
    at::Tensor const_input; // [out,height,width], first block only
    std::optional<SynthesisLayer> conv0;
    SynthesisLayer conv1;
    std::optional<ToRgb> torgb;
    std::optional<ConvLayer> skip;

    SynthesisBlock(const Scope& scope, int resolution, const SynthesisConfig& config);
    int num_conv() const { return conv0 ? 2 : 1; }
};

struct Synthesis {
    SynthesisConfig config;
    std::vector<SynthesisBlock> blocks;

    Synthesis() = default;
    Synthesis(const Scope& scope, const SynthesisConfig& config);
    // ws [N,num_ws,w_dim] float32 -> [N,img_channels,height,width] float32, about -1..1. Throws Error for other shapes.
    at::Tensor forward(const at::Tensor& ws, const SynthesisOptions& options) const;
};

struct Generator {
    GeneratorConfig config;
    Parameters parameters;
    Synthesis synthesis;
    Mapping mapping;

    // Registers every tensor in the order of the public checkpoints; each comes from `source`.
    Generator(const GeneratorConfig& config, const TensorSource& source);
    Generator(Generator&&) = default;
};

} // namespace atelier::model
