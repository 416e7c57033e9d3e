// SPDX-License-Identifier: Apache-2.0
#include "model/synthesis.h"

#include <cmath>

#include <fmt/format.h>

#include "base/error.h"
#include "ops/upfirdn2d.h"

namespace atelier::model {
namespace {

// index: of the convolution, which is that of its w.
at::Tensor layer_noise(const SynthesisLayer& layer, std::int64_t n, const SynthesisOptions& options,
                       std::int64_t index) {
    if (options.noise == NoiseMode::none || !layer.noise_const.defined()) {
        return {};
    }
    const auto place = static_cast<std::size_t>(index);
    const double by = options.noise_strength * (place < options.layer_noise.size() ? options.layer_noise[place] : 1.0F);
    const at::Tensor strength = by == 1 ? layer.noise_strength : layer.noise_strength * by;
    if (options.noise == NoiseMode::constant) {
        return layer.noise_const * strength;
    }
    const at::Tensor drawn = options.random_noise ? options.random_noise(n, layer.height, layer.width)
                                                  : at::randn({n, 1, layer.height, layer.width}, at::kFloat);
    return drawn.to(layer.noise_const.device()) * strength;
}

} // namespace

SynthesisBlock::SynthesisBlock(const Scope& scope, int res, const SynthesisConfig& config)
    : resolution(res), architecture(config.architecture) {
    use_fp16 = config.num_fp16_res > 0 && res >= fp16_resolution(config.img_resolution, config.num_fp16_res);
    const at::Tensor filter =
        ops::setup_filter(at::tensor(at::ArrayRef<double>(config.resample_filter), at::kDouble).to(at::kFloat));
    const int out = config.channels.at(res);
    const int in = res == 4 ? 0 : config.channels.at(res / 2);
    resample_filter = scope.buffer("resample_filter", filter.sizes(), Init::tensor(filter));
    if (in == 0) {
        const_input =
            scope.parameter("const", {out, config.first_block.height, config.first_block.width}, Init::normal());
    } else {
        conv0.emplace(scope.sub("conv0"), in, out, res, 2, config, filter);
    }
    conv1 = SynthesisLayer(scope.sub("conv1"), out, out, res, 1, config, filter);
    if (res == config.img_resolution || architecture == Architecture::skip) {
        torgb.emplace(scope.sub("torgb"), out, config);
    }
    if (in != 0 && architecture == Architecture::resnet) {
        skip.emplace(scope.sub("skip"), in, out, filter,
                     ConvLayer::Options{1, false, ops::Activation::linear, 2, 1, {}, true});
    }
}

Synthesis::Synthesis(const Scope& scope, const SynthesisConfig& c) : config(c) {
    for (const int res : block_resolutions(c.img_resolution)) {
        blocks.emplace_back(scope.sub(fmt::format("b{}", res)), res, c);
    }
}

at::Tensor Synthesis::forward(const at::Tensor& ws, const SynthesisOptions& options) const {
    const int num_ws = num_ws_of(config.img_resolution);
    if (ws.dim() != 3 || ws.size(1) != num_ws || ws.size(2) != config.w_dim) {
        fail("ws has to be of shape [N,{},{}] for this model.", num_ws, config.w_dim);
    }
    const at::Tensor w32 = ws.to(at::kFloat);
    const auto n = ws.size(0);
    at::Tensor x, img;
    std::int64_t layer = 0; // index of the block's first w
    for (const SynthesisBlock& block : blocks) {
        const auto dtype = block.use_fp16 && !options.force_fp32 ? options.half : at::kFloat;
        std::int64_t next = layer;
        const auto w = [&] { return w32.select(1, next++); };
        if (!block.conv0) {
            x = block.const_input.to(dtype).unsqueeze(0).repeat({n, 1, 1, 1});
            x = options.channels_last ? x.contiguous(at::MemoryFormat::ChannelsLast) : x;
            x = block.conv1.forward(x, w(), layer_noise(block.conv1, n, options, layer + (block.conv0 ? 1 : 0)));
        } else if (block.skip) {
            x = x.to(dtype);
            const at::Tensor residual = block.skip->forward(x, std::sqrt(0.5));
            x = block.conv0->forward(x, w(), layer_noise(*block.conv0, n, options, layer));
            x = block.conv1.forward(x, w(), layer_noise(block.conv1, n, options, layer + (block.conv0 ? 1 : 0)),
                                    std::sqrt(0.5));
            x = residual + x;
        } else {
            x = block.conv0->forward(x.to(dtype), w(), layer_noise(*block.conv0, n, options, layer));
            x = block.conv1.forward(x, w(), layer_noise(block.conv1, n, options, layer + (block.conv0 ? 1 : 0)));
        }
        if (img.defined()) {
            ops::Resample up;
            up.up = {2, 2};
            img = ops::upsample2d(img, block.resample_filter, up);
        }
        if (block.torgb) {
            const at::Tensor y = block.torgb->forward(x, w()).to(at::kFloat);
            img = img.defined() ? img + y : y;
        }
        layer += block.num_conv(); // ToRGB shares its w with the next block's first convolution
        if (options.on_block) {
            options.on_block(block.resolution, x, img);
        }
    }
    return img;
}

Generator::Generator(const GeneratorConfig& c, const TensorSource& source) : config(c) {
    config.mapping.num_ws = num_ws_of(c.synthesis.img_resolution);
    config.mapping.w_dim = c.synthesis.w_dim;
    const Scope scope(source, parameters);
    synthesis = Synthesis(scope.sub("synthesis"), config.synthesis);
    mapping = Mapping(scope.sub("mapping"), config.mapping);
}

} // namespace atelier::model
