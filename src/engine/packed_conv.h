// SPDX-License-Identifier: Apache-2.0
// PackedConv: a convolution on channels-last CPU tensors whose weight is laid out once for the processor.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace atelier {

class PackedConv {
public:
    // Of input pictures [1,I,height,width] of this dtype (kFloat or kBFloat16).
    struct Input {
        at::ScalarType dtype = at::kFloat;
        std::int64_t height = 0, width = 0;
    };
    // A correlation with stride 1; weight [O,I,kh,kw] float32, padding y, x on both sides.
    PackedConv(const at::Tensor& weight, std::array<std::int64_t, 2> padding, Input input);
    // A convolution of the zero-inserted picture (transposed, stride 2, no padding): H becomes 2H+1. weight [O,I,3,3].
    static PackedConv transposed(const at::Tensor& weight, Input input);

    // x [1,I,H,W], channels-last -> [1,O,...] of the same dtype, channels-last.
    at::Tensor forward(const at::Tensor& x) const;

private:
    PackedConv() = default;
    void pack(Input input);
    at::Tensor weight_;
    std::vector<std::int64_t> padding_{0, 0};
    bool up_ = false;
    bool packed_ = false;
};

} // namespace atelier
