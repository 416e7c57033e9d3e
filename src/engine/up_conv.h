// SPDX-License-Identifier: Apache-2.0
// UpConv: the convolution of a zero-inserted picture (transposed, stride 2, 3x3) in the form that is quickest on this
// processor.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/packed_conv.h"
#include "ops/synthesis_kernels.h"

namespace atelier {

class UpConv {
public:
    enum class Form {
        transposed, // as it stands: [2H+1,2W+1,O] at once
        fourfold,   // one 2x2 convolution with 4 O channels, a phase each; 16 products for what takes 9
        sub_pixel,  // a convolution for each phase, with 4, 2, 2 and 1 of the kernel's taps
    };
    // From the sizes and the processor alone, so that a seed always gives the same bits. docs/performance.md has the
    // measurements behind it.
    static Form quickest(std::int64_t in_channels, PackedConv::Input input);

    // weight [O,I,3,3] float32.
    UpConv(const at::Tensor& weight, PackedConv::Input input, Form form);

    struct Output {
        std::vector<at::Tensor> held; // what the phases point into
        template <typename Element> ops::Phases<Element> phases() const;
        Form form = Form::transposed;
    };
    // x [1,I,H,W] of the input's dtype, channels-last.
    Output forward(const at::Tensor& x) const;

private:
    Form form_;
    std::vector<PackedConv> convs_;
};

} // namespace atelier
