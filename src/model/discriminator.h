// SPDX-License-Identifier: Apache-2.0
// The discriminator: picture, c -> logits (StyleGAN2, 1912.04958, fig. 7; conditional by projection, 1802.05637).
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "model/layers.h"
#include "model/mapping.h"

namespace atelier::model {

struct DiscriminatorBlock {
    int resolution = 0;
    bool use_fp16 = false;
    Architecture architecture = Architecture::resnet;
    at::Tensor resample_filter;
    std::optional<ConvLayer> fromrgb, skip;
    ConvLayer conv0, conv1;
    int num_layers = 0; // counted for Freeze-D

    DiscriminatorBlock(const Scope& scope, int resolution, const DiscriminatorConfig& config, int first_layer);
};

struct DiscriminatorOptions {
    bool force_fp32 = false;
    at::ScalarType half = at::kHalf; // of the fp16 resolutions
    bool channels_last = false;      // memory format of the activations; faster on the CPU
    std::function<void(int resolution, const at::Tensor& x, const at::Tensor& img)> on_block;
};

struct Discriminator {
    DiscriminatorConfig config;
    Parameters parameters;
    std::vector<DiscriminatorBlock> blocks; // img_resolution down to 8
    Mapping mapping;                        // c_dim > 0 only
    std::optional<ConvLayer> epilogue_fromrgb;
    ConvLayer conv;
    FullyConnected fc, out;

    Discriminator(const DiscriminatorConfig& config, const TensorSource& source);
    Discriminator(Discriminator&&) = default;

    // img [N,img_channels,height,width], c [N,c_dim] or undefined -> logits [N,1] float32. Throws Error for other
    // shapes.
    at::Tensor forward(const at::Tensor& img, const at::Tensor& c, const DiscriminatorOptions& options = {}) const;
    // The projected condition [N,cmap_dim].
    at::Tensor cmap(const at::Tensor& c) const;
};

} // namespace atelier::model
