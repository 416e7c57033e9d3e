// SPDX-License-Identifier: Apache-2.0
// WinogradLayer: a float32 3x3 convolution by tiles, whose weight is laid out once and whose output comes in shares of
// rows, so that a thread can go on with rows that are still in its cache.
#pragma once

#include <functional>

#include <ATen/core/Tensor.h>

#include "ops/winograd_conv.h"

namespace atelier {

class WinogradLayer {
public:
    // weight [O,I,3,3] float32. up: transposed with stride 2 and no padding, [height,width,I] ->
    // [2 height+1,2 width+1,O]; otherwise stride 1 and padding 1, [height,width,I] -> [height,width,O].
    WinogradLayer(const at::Tensor& weight, bool up, int height, int width);

    using Done = std::function<void(int first, int last)>;
    // The whole output, divided among threads. done, where given, is called by the thread that has just completed rows
    // first..last-1, once for every row.
    void run(const float* x, float* y, const Done& done) const;

    std::size_t output_size() const; // floats

private:
    ops::WinogradConv conv_;
    at::Tensor packed_;
};

} // namespace atelier
