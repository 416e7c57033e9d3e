// SPDX-License-Identifier: Apache-2.0
#include "model/discriminator.h"

#include <cmath>

#include <fmt/format.h>

#include "base/error.h"
#include "ops/upfirdn2d.h"

namespace atelier::model {
namespace {

at::Tensor resample_taps(const DiscriminatorConfig& config) {
    return ops::setup_filter(at::tensor(at::ArrayRef<double>(config.resample_filter), at::kDouble).to(at::kFloat));
}

at::Tensor downsample_by_2(const at::Tensor& img, const at::Tensor& filter) {
    ops::Resample how;
    how.down = {2, 2};
    return ops::downsample2d(img, filter, how);
}

} // namespace

DiscriminatorBlock::DiscriminatorBlock(const Scope& scope, int res, const DiscriminatorConfig& config, int first_layer)
    : resolution(res), architecture(config.architecture) {
    use_fp16 = config.num_fp16_res > 0 && res >= fp16_resolution(config.img_resolution, config.num_fp16_res);
    const at::Tensor filter = resample_taps(config);
    resample_filter = scope.buffer("resample_filter", filter.sizes(), Init::tensor(filter));
    const bool first = res == config.img_resolution;
    const int tmp = config.channels.at(res);
    const int out = config.channels.at(res / 2);
    const auto trainable = [&] { return first_layer + num_layers++ >= config.freeze_layers; };
    if (first || architecture == Architecture::skip) {
        fromrgb.emplace(scope.sub("fromrgb"), config.img_channels, tmp, filter,
                        ConvLayer::Options{1, true, config.activation, 1, 1, config.conv_clamp, trainable()});
    }
    conv0 = ConvLayer(scope.sub("conv0"), tmp, tmp, filter,
                      {3, true, config.activation, 1, 1, config.conv_clamp, trainable()});
    conv1 = ConvLayer(scope.sub("conv1"), tmp, out, filter,
                      {3, true, config.activation, 1, 2, config.conv_clamp, trainable()});
    if (architecture == Architecture::resnet) {
        skip.emplace(scope.sub("skip"), tmp, out, filter,
                     ConvLayer::Options{1, false, ops::Activation::linear, 1, 2, {}, trainable()});
    }
}

Discriminator::Discriminator(const DiscriminatorConfig& c, const TensorSource& source) : config(c) {
    const Scope scope(source, parameters);
    int layer = 0;
    for (int res = c.img_resolution; res > 4; res /= 2) {
        blocks.emplace_back(scope.sub(fmt::format("b{}", res)), res, c, layer);
        layer += blocks.back().num_layers;
    }
    const int cmap_dim = c.effective_cmap_dim();
    if (c.c_dim > 0) {
        MappingConfig m;
        m.z_dim = 0;
        m.c_dim = c.c_dim;
        m.w_dim = cmap_dim;
        m.num_layers = c.mapping_layers;
        m.embed_features = c.mapping_embed_features;
        m.layer_features = c.mapping_layer_features;
        m.activation = c.mapping_activation;
        m.lr_multiplier = c.mapping_lr_multiplier;
        m.w_avg_beta.reset();
        mapping = Mapping(scope.sub("mapping"), m);
    }
    const Scope b4 = scope.sub("b4");
    const at::Tensor filter = resample_taps(c);
    const int in = c.channels.at(4);
    if (c.architecture == Architecture::skip) {
        epilogue_fromrgb.emplace(b4.sub("fromrgb"), c.img_channels, in, filter,
                                 ConvLayer::Options{1, true, c.epilogue_activation, 1, 1, {}, true});
    }
    conv = ConvLayer(b4.sub("conv"), in + c.mbstd_num_channels, in, filter,
                     {3, true, c.epilogue_activation, 1, 1, c.conv_clamp, true});
    fc = FullyConnected(b4.sub("fc"), in * c.first_block.height * c.first_block.width, in,
                        {c.epilogue_activation, 1, 0, true});
    out = FullyConnected(b4.sub("out"), in, c.c_dim > 0 ? cmap_dim : 1, {});
}

at::Tensor Discriminator::cmap(const at::Tensor& c) const {
    return mapping.forward({}, c);
}

at::Tensor Discriminator::forward(const at::Tensor& picture, const at::Tensor& c,
                                  const DiscriminatorOptions& options) const {
    if (picture.dim() != 4 || picture.size(1) != config.img_channels || picture.size(2) != config.height() ||
        picture.size(3) != config.width()) {
        fail("img has to be of shape [N,{},{},{}] for this discriminator.", config.img_channels, config.height(),
             config.width());
    }
    const bool skip_rgb = config.architecture == Architecture::skip;
    at::Tensor x, img = options.channels_last ? picture.contiguous(at::MemoryFormat::ChannelsLast) : picture;
    for (const DiscriminatorBlock& block : blocks) {
        const auto dtype = block.use_fp16 && !options.force_fp32 ? options.half : at::kFloat;
        if (x.defined()) {
            x = x.to(dtype);
        }
        if (block.fromrgb) {
            img = img.to(dtype);
            const at::Tensor y = block.fromrgb->forward(img);
            x = x.defined() ? x + y : y;
            img = skip_rgb ? downsample_by_2(img, block.resample_filter) : at::Tensor();
        }
        if (block.skip) {
            const at::Tensor residual = block.skip->forward(x, std::sqrt(0.5));
            x = block.conv1.forward(block.conv0.forward(x), std::sqrt(0.5));
            x = residual + x;
        } else {
            x = block.conv1.forward(block.conv0.forward(x));
        }
        if (options.on_block) {
            options.on_block(block.resolution, x, img);
        }
    }
    if (epilogue_fromrgb) {
        const at::Tensor y = epilogue_fromrgb->forward(img.to(at::kFloat));
        x = x.defined() ? x.to(at::kFloat) + y : y;
    }
    x = x.to(at::kFloat);
    if (config.mbstd_num_channels > 0) {
        x = minibatch_std(x, config.mbstd_group_size, config.mbstd_num_channels);
    }
    x = conv.forward(x);
    x = out.forward(fc.forward(x.flatten(1)));
    if (config.c_dim > 0) {
        const at::Tensor condition = cmap(c);
        x = (x * condition).sum(at::IntArrayRef{1}, true) * (1 / std::sqrt(static_cast<double>(condition.size(1))));
    }
    return x;
}

} // namespace atelier::model
