// SPDX-License-Identifier: Apache-2.0
// AmxLayer: a bfloat16 3x3 convolution on bordered pictures (ops/amx_conv.h) by all cores, whose weight is laid out
// once.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "ops/amx_conv.h"
#include "ops/synthesis_kernels.h"

namespace atelier {

class AmxLayer {
public:
    static bool takes(std::int64_t in_channels, std::int64_t channels) {
        return in_channels % ops::amx_strip == 0 && channels % ops::amx_strip == 0;
    }

    // weight [O,I,3,3] float32. up: transposed with stride 2 and no padding, [height,width,I] ->
    // [2 height+1,2 width+1,O]; otherwise stride 1 and padding 1, [height,width,I] -> [height,width,O].
    AmxLayer(const at::Tensor& weight, bool up, int height, int width);

    // Of a layer that is not `up`. done is called once for every row, by the thread that has just made rows
    // first..last-1 and may go on with them from its cache.
    using Done = std::function<void(ops::Rows<const float> rows, int first, int last)>;
    void run(const std::uint16_t* bordered, const Done& done) const;

    // Of a layer that is `up`: the whole output, in memory of phases_size() numbers.
    ops::Phases<std::uint16_t> run_up(const std::uint16_t* bordered, std::uint16_t* memory) const;
    std::int64_t phases_size() const;

private:
    int pitch() const { return width_ + 2; } // positions of a row
    int group_rows() const;
    std::int64_t phase_size() const;

    std::vector<ops::AmxConv> convs_; // one, or one for each phase
    int height_, width_, in_channels_, channels_;
};

} // namespace atelier
