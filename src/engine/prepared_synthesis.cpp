// SPDX-License-Identifier: Apache-2.0
#include "engine/prepared_synthesis.h"

#include <algorithm>

#include "ops/winograd_conv.h"

namespace atelier {

PreparedAffine::PreparedAffine(const model::FullyConnected& layer, at::ScalarType dtype, double gain)
    : weight((layer.weight * (layer.weight_gain * gain)).to(dtype).contiguous()),
      bias((layer.bias * (layer.bias_gain * gain)).contiguous()) {}

PreparedLayer::PreparedLayer(const model::SynthesisLayer& layer, at::ScalarType dtype, bool by_amx)
    : affine(layer.affine, dtype), energy(layer.weight.square().sum(at::IntArrayRef{2, 3}).to(dtype).contiguous()),
      bias(layer.bias.contiguous()), channels(static_cast<int>(layer.weight.size(0))), height(layer.height),
      width(layer.width), up(layer.up == 2), gain(static_cast<float>(ops::default_gain(layer.activation))),
      clamp(static_cast<float>(layer.clamp.value_or(0))) {
    if (by_amx) {
        amx.emplace(layer.weight, up, height / layer.up, width / layer.up);
    } else if (dtype == at::kFloat && ops::winograd_is_fast()) {
        tiled.emplace(layer.weight, up, height / layer.up, width / layer.up);
    } else {
        const PackedConv::Input input{dtype, height / layer.up, width / layer.up};
        if (up) {
            up_conv.emplace(layer.weight, input, UpConv::quickest(layer.weight.size(1), input));
        } else {
            packed.emplace(layer.weight, std::array<std::int64_t, 2>{1, 1}, input);
        }
    }
    if (layer.noise_const.defined()) {
        noise = layer.noise_const.contiguous();
        strength = layer.noise_strength.item<float>();
    }
}

PreparedRgb::PreparedRgb(const model::ToRgb& rgb, at::ScalarType dtype)
    : affine(rgb.affine, dtype, rgb.weight_gain), weight(rgb.weight.flatten(1).contiguous()),
      bias(rgb.bias.contiguous()), clamp(static_cast<float>(rgb.clamp.value_or(0))) {}

namespace {

bool amx_takes(const model::Generator& generator) {
    const auto takes = [](const model::SynthesisLayer& layer) {
        return AmxLayer::takes(layer.weight.size(1), layer.weight.size(0));
    };
    return std::all_of(generator.synthesis.blocks.begin(), generator.synthesis.blocks.end(),
                       [&](const model::SynthesisBlock& block) {
                           return takes(block.conv1) && (!block.conv0 || takes(*block.conv0));
                       });
}

} // namespace

PreparedSynthesis::PreparedSynthesis(const model::Generator& generator, at::ScalarType type, Amx amx)
    : dtype(type),
      by_amx(type == at::kBFloat16 && (amx == Amx::wherever_it_fits || ops::amx_is_usable()) && amx_takes(generator)),
      rgb_channels(generator.synthesis.config.img_channels) {
    for (const model::SynthesisBlock& block : generator.synthesis.blocks) {
        PreparedBlock& made = blocks.emplace_back();
        if (block.conv0) {
            made.conv0 = std::make_shared<const PreparedLayer>(*block.conv0, type, by_amx);
        }
        made.conv1 = std::make_shared<const PreparedLayer>(block.conv1, type, by_amx);
        made.rgb = std::make_shared<const PreparedRgb>(*block.torgb, type);
        made.resolution = block.resolution;
        made.height = block.conv1.height;
        made.width = block.conv1.width;
        made.convolutions = block.num_conv();
    }
    constant = generator.synthesis.blocks.front().const_input.flatten(1).t().contiguous();
    // The filter is the outer product of its taps with itself; its row sums are the normalised taps.
    const at::Tensor row = generator.synthesis.blocks.back().resample_filter.sum(0).contiguous();
    for (std::size_t k = 0; k < 4; ++k) {
        taps[k] = 2 * row.const_data_ptr<float>()[3 - k]; // flipped: upfirdn2d convolves; gain 2 an axis
    }
}

std::shared_ptr<const PreparedSynthesis> PreparedWeights::get(const model::Generator& generator, at::ScalarType dtype) {
    Kind& kind = dtype == at::kFloat ? fp32_ : bf16_;
    const std::lock_guard lock(kind.mutex);
    if (!kind.made) {
        kind.made = std::make_shared<const PreparedSynthesis>(generator, dtype);
    }
    return kind.made;
}

bool PreparedWeights::made(at::ScalarType dtype) const {
    const Kind& kind = dtype == at::kFloat ? fp32_ : bf16_;
    const std::unique_lock lock(kind.mutex, std::try_to_lock);
    return lock.owns_lock() && kind.made != nullptr;
}

} // namespace atelier
