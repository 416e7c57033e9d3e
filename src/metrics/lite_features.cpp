// SPDX-License-Identifier: Apache-2.0
#include "metrics/lite_features.h"

#include <map>

#include <ATen/ATen.h>
#include <fmt/format.h>

#include "base/error.h"
#include "io/torch_tensors.h"

namespace atelier::metrics {
namespace {

struct Shape {
    std::int64_t kernel, stride, widens, in, out;
};

// The paper's table for B0, which Lite0 keeps.
constexpr Shape shapes[] = {
    {3, 1, 1, 32, 16},   {3, 2, 6, 16, 24},   {3, 1, 6, 24, 24},   {5, 2, 6, 24, 40},
    {5, 1, 6, 40, 40},   {3, 2, 6, 40, 80},   {3, 1, 6, 80, 80},   {3, 1, 6, 80, 80},
    {5, 1, 6, 80, 112},  {5, 1, 6, 112, 112}, {5, 1, 6, 112, 112}, {5, 2, 6, 112, 192},
    {5, 1, 6, 192, 192}, {5, 1, 6, 192, 192}, {5, 1, 6, 192, 192}, {3, 1, 6, 192, 320},
};
constexpr std::int64_t first_channels = 32, classes = 1000;
constexpr double normalisation_epsilon = 1e-3;

at::Tensor active(const at::Tensor& x) {
    return x.clamp(0, 6);
}

// A state dict by names; what is asked for has to be there, with that shape.
class Weights {
public:
    explicit Weights(const std::filesystem::path& file) : file_(file.string()) {
        for (auto& [name, tensor] : io::read_torch_tensors(file)) {
            tensors_.emplace(name, tensor);
        }
    }
    at::Tensor take(const std::string& name, at::IntArrayRef shape) const {
        const auto found = tensors_.find(name);
        if (found == tensors_.end()) {
            fail("{}: there is no '{}'; it has to be the state dict of EfficientNet-Lite0.", file_, name);
        }
        if (found->second.sizes() != shape) {
            fail("{}: '{}' has another shape than EfficientNet-Lite0's.", file_, name);
        }
        return found->second.to(at::kFloat);
    }
    // A convolution's weight and the normalisation after it, which at rest is a factor and a term for each channel.
    std::pair<at::Tensor, at::Tensor> folded(const std::string& conv, const std::string& normalisation,
                                             at::IntArrayRef shape) const {
        const std::int64_t channels = shape[0];
        const auto part = [&](const char* name) { return take(normalisation + name, {channels}).to(at::kDouble); };
        const at::Tensor factor = part(".weight") / (part(".running_var") + normalisation_epsilon).sqrt();
        const at::Tensor weight = take(conv + ".weight", shape).to(at::kDouble) * factor.reshape({-1, 1, 1, 1});
        return {weight.to(at::kFloat), (part(".bias") - part(".running_mean") * factor).to(at::kFloat)};
    }

private:
    std::string file_;
    std::map<std::string, at::Tensor> tensors_;
};

} // namespace

at::Tensor LiteFeatures::Conv::operator()(const at::Tensor& x) const {
    // With stride 2 the border of the 224 px network, whatever the size: more of it right and below.
    const std::int64_t before = (kernel - stride) / 2, after = kernel - stride - before;
    const bool even = before == after;
    const at::Tensor bordered = even ? x : at::constant_pad_nd(x, {before, after, before, after});
    const std::int64_t border = even ? before : 0;
    return at::conv2d(bordered, weight, bias, {stride, stride}, at::IntArrayRef{border, border}, {1, 1}, groups);
}

LiteFeatures::LiteFeatures(const std::filesystem::path& file) {
    const Weights weights(file);
    const auto conv = [&](const std::string& name, const std::string& normalisation, at::IntArrayRef shape,
                          std::int64_t stride, std::int64_t groups) {
        const auto [weight, bias] = weights.folded(name, normalisation, shape);
        return Conv{weight, bias, shape[2], stride, groups};
    };
    stem_ = conv("_conv_stem", "_bn0", {first_channels, 3, 3, 3}, 2, 1);
    for (std::size_t i = 0; i < std::size(shapes); ++i) {
        const Shape& shape = shapes[i];
        const std::string name = fmt::format("_blocks.{}.", i);
        const std::int64_t wide = shape.in * shape.widens;
        Block block;
        if (shape.widens > 1) {
            block.convs.push_back(conv(name + "_expand_conv", name + "_bn0", {wide, shape.in, 1, 1}, 1, 1));
        }
        block.convs.push_back(
            conv(name + "_depthwise_conv", name + "_bn1", {wide, 1, shape.kernel, shape.kernel}, shape.stride, wide));
        block.convs.push_back(conv(name + "_project_conv", name + "_bn2", {shape.out, wide, 1, 1}, 1, 1));
        block.skip = shape.stride == 1 && shape.in == shape.out;
        blocks_.push_back(std::move(block));
    }
    head_ = conv("_conv_head", "_bn1", {count, shapes[std::size(shapes) - 1].out, 1, 1}, 1, 1);
    classes_weight_ = weights.take("_fc.weight", {classes, count});
    classes_bias_ = weights.take("_fc.bias", {classes});
}

at::Tensor LiteFeatures::of(const at::Tensor& pictures) const {
    at::Tensor x = pictures.to(at::kFloat);
    if (x.size(2) != side || x.size(3) != side) {
        x = at::_upsample_bilinear2d_aa(x, {side, side}, false);
    }
    return run((x - 127) / 128);
}

at::Tensor LiteFeatures::run(const at::Tensor& pictures, const Look& look) const {
    const auto seen = [&](const std::string& place, const at::Tensor& x) {
        if (look) {
            look(place, x);
        }
        return x;
    };
    at::Tensor x = seen("stem", active(stem_(pictures)));
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
        at::Tensor y = x;
        for (const Conv& conv : blocks_[i].convs) {
            y = conv(y);
            y = &conv == &blocks_[i].convs.back() ? y : active(y);
        }
        x = seen(fmt::format("block{:02}", i), blocks_[i].skip ? x + y : y);
    }
    return seen("pool", active(head_(x)).mean({2, 3}));
}

at::Tensor LiteFeatures::logits(const at::Tensor& features) const {
    return at::linear(features, classes_weight_, classes_bias_);
}

} // namespace atelier::metrics
