// SPDX-License-Identifier: Apache-2.0
// Activations: what one layer of FastSynthesis hands to the next, where its convolution wants it. Internal to engine
// (torch).
#pragma once

#include <algorithm>
#include <cstddef>

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include "ops/amx_conv.h"
#include "ops/synthesis_kernels.h"

namespace atelier {

// What one layer hands to the next: [height,width,C], with a border where AMX multiplies.
struct Activations {
    at::Tensor memory; // as the convolutions of torch take it, or bordered
    void* first = nullptr;
    std::ptrdiff_t pitch = 0;
    template <typename Element> ops::Rows<Element> rows(int from) const {
        return {static_cast<Element*>(first) + from * pitch, pitch};
    }
};

inline Activations plain_activations(at::ScalarType dtype, int channels, int height, int width) {
    Activations made;
    made.memory = at::empty({1, channels, height, width}, at::TensorOptions(dtype), at::MemoryFormat::ChannelsLast);
    made.first = made.memory.data_ptr();
    made.pitch = std::ptrdiff_t{width} * channels;
    return made;
}

template <typename Element>
Activations bordered_activations(at::ScalarType dtype, int channels, int height, int width) {
    Activations made;
    made.pitch = std::ptrdiff_t{width + 2} * channels;
    made.memory = at::empty({(height + 2) * made.pitch + std::ptrdiff_t{ops::amx_slack} * channels}, dtype);
    auto* all = static_cast<Element*>(made.memory.data_ptr());
    made.first = all + made.pitch + channels;
    // The last pixel of a row and the first of the next lie beside each other.
    std::fill_n(all, made.pitch + channels, Element{});
    for (int y = 1; y < height; ++y) {
        std::fill_n(all + (y + 1) * made.pitch - channels, 2 * channels, Element{});
    }
    std::fill_n(all + (height + 1) * made.pitch - channels, made.pitch + channels, Element{});
    return made;
}

} // namespace atelier
