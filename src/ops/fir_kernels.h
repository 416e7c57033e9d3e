// SPDX-License-Identifier: Apache-2.0
// Resampling by a separable filter on channels-last memory, without torch. What a filter, zero insertion, padding and
// skipping do to an axis is a list: of which inputs each output is the weighted sum. Backwards is the list turned
// round.
#pragma once

#include <cstdint>
#include <vector>

namespace atelier::ops {

struct AxisTerm {
    int input = 0;
    float weight = 0;
};

// outputs() lists of terms, inputs between 0 and `inputs` - 1.
struct FilterAxis {
    int inputs = 0;
    std::vector<int> first; // of each output's terms; one more at the end
    std::vector<AxisTerm> terms;

    int outputs() const { return static_cast<int>(first.size()) - 1; }
    // `taps` correlated with the axis after inserting up-1 zeros behind each sample and padding (negative: cropping);
    // every down'th is kept. At least one output.
    static FilterAxis of_filter(int inputs, int up, int down, int pad_before, int pad_after,
                                const std::vector<float>& taps);
    FilterAxis turned() const; // the adjoint
};

// x [rows.inputs, columns.inputs, channels] -> rows first..last-1 of y [rows.outputs(), columns.outputs(), channels].
// Element is float or bfloat16's bits; sums are float32. scratch: columns.inputs * channels floats.
template <typename Element>
void filter_rows(const Element* x, Element* y, const FilterAxis& rows, const FilterAxis& columns, int channels,
                 int first, int last, float* scratch);

} // namespace atelier::ops
