// SPDX-License-Identifier: Apache-2.0
// Resampling by a separable filter without torch, on pictures that lie channels last or as planes. What a filter, zero
// insertion, padding and skipping do to an axis is a list: of which inputs each output is the weighted sum. Backwards
// is the same with everything turned round.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace atelier::ops {

struct AxisTerm {
    int input = 0;
    float weight = 0;
};

// `taps` correlated with an axis after inserting up-1 zeros behind each sample and `pad` zeros before the first
// (negative: cropping); every down'th is kept.
struct FilterAxis {
    int inputs = 0, outputs = 0, up = 1, down = 1, pad = 0;
    std::vector<float> taps;
    std::vector<int> first; // of each output's terms; one more at the end
    std::vector<AxisTerm> terms;

    FilterAxis() = default;
    FilterAxis(int inputs, int outputs, int up, int down, int pad, std::vector<float> taps);
    FilterAxis turned() const; // the adjoint
};

// Element is float or bfloat16's bits; sums are float32.
// x [rows.inputs, columns.inputs, channels] -> rows first..last-1 of y [rows.outputs, columns.outputs, channels].
// scratch: columns.inputs * channels floats.
template <typename Element>
void filter_rows(const Element* x, Element* y, const FilterAxis& rows, const FilterAxis& columns, int channels,
                 int first, int last, float* scratch);

// The same of one plane, x [rows.inputs, columns.inputs]; up or down of the columns has to be 1. scratch:
// plane_scratch(columns) floats.
template <typename Element>
void filter_plane(const Element* x, Element* y, const FilterAxis& rows, const FilterAxis& columns, int first, int last,
                  float* scratch);
std::size_t plane_scratch(const FilterAxis& columns);

} // namespace atelier::ops
