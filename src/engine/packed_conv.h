// SPDX-License-Identifier: Apache-2.0
// PackedConv: a 3x3 convolution on channels-last CPU tensors whose weight is laid out once for the processor.
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace atelier {

class PackedConv {
public:
    PackedConv() = default;
    // weight [O,I,3,3] float32. up: a convolution of the zero-inserted picture (transposed, stride 2, no padding), so
    // that H becomes 2H+1; otherwise a correlation with stride 1 and padding 1. dtype: kFloat or kBFloat16;
    // height, width: of the input pictures.
    PackedConv(const at::Tensor& weight, bool up, at::ScalarType dtype, std::int64_t height, std::int64_t width);

    // x [1,I,H,W] of the dtype, channels-last -> [1,O,H,W] or [1,O,2H+1,2W+1], channels-last.
    at::Tensor forward(const at::Tensor& x) const;

private:
    at::Tensor weight_;
    bool up_ = false;
    bool packed_ = false;
};

} // namespace atelier
