// SPDX-License-Identifier: Apache-2.0
#include "ops/fir_kernels.h"

#include <algorithm>

#include "ops/elements.h"
#include "ops/simd.h"

namespace atelier::ops {
namespace {

// to[i] = sum over the terms of weight * from[input * step + i], for i below `size`. To and From: float or Element.
template <Level L, typename From, typename To>
ATELIER_INLINE void weighted_sum(const From* from, To* to, const AxisTerm* terms, int count, std::ptrdiff_t step,
                                 std::ptrdiff_t size) {
    using R = Register<L>;
    std::ptrdiff_t i = 0;
    for (; i + R::width <= size; i += R::width) {
        typename R::Floats sum{};
        for (int k = 0; k < count; ++k) {
            typename R::Floats v;
            get<R>(from + terms[k].input * step + i, v);
            sum += v * terms[k].weight;
        }
        put<R>(to + i, sum);
    }
    for (; i < size; ++i) {
        float sum = 0;
        for (int k = 0; k < count; ++k)
            sum += one(from + terms[k].input * step + i) * terms[k].weight;
        put_one(to + i, sum);
    }
}

template <Level L, typename Element>
ATELIER_INLINE void rows_of(const Element* x, Element* y, const FilterAxis& rows, const FilterAxis& columns,
                            int channels, int first, int last, float* scratch) {
    const std::ptrdiff_t row_size = std::ptrdiff_t{columns.inputs} * channels;
    const int width = columns.outputs();
    for (int row = first; row < last; ++row) {
        const auto at = static_cast<std::size_t>(row);
        weighted_sum<L>(x, scratch, rows.terms.data() + rows.first[at], rows.first[at + 1] - rows.first[at], row_size,
                        row_size);
        Element* target = y + std::ptrdiff_t{row} * width * channels;
        for (int column = 0; column < width; ++column, target += channels) {
            const auto c = static_cast<std::size_t>(column);
            weighted_sum<L>(scratch, target, columns.terms.data() + columns.first[c],
                            columns.first[c + 1] - columns.first[c], channels, channels);
        }
    }
}

ATELIER_DISPATCH(rows_f32,
                 (const float* x, float* y, const FilterAxis& rows, const FilterAxis& columns, int channels, int first,
                  int last, float* scratch),
                 rows_of, x, y, rows, columns, channels, first, last, scratch)
ATELIER_DISPATCH(rows_bf16,
                 (const std::uint16_t* x, std::uint16_t* y, const FilterAxis& rows, const FilterAxis& columns,
                  int channels, int first, int last, float* scratch),
                 rows_of, x, y, rows, columns, channels, first, last, scratch)

} // namespace

FilterAxis FilterAxis::of_filter(int inputs, int up, int down, int pad_before, int pad_after,
                                 const std::vector<float>& taps) {
    FilterAxis axis;
    axis.inputs = inputs;
    axis.first.push_back(0);
    const int length = inputs * up + pad_before + pad_after, size = static_cast<int>(taps.size());
    for (int start = 0; start + size <= length; start += down) {
        for (int k = 0; k < size; ++k) {
            const int at = start + k - pad_before; // in the axis with zeros in it
            const float weight = taps[static_cast<std::size_t>(k)];
            if (at >= 0 && at < inputs * up && at % up == 0 && weight != 0)
                axis.terms.push_back({at / up, weight});
        }
        axis.first.push_back(static_cast<int>(axis.terms.size()));
    }
    return axis;
}

FilterAxis FilterAxis::turned() const {
    FilterAxis axis;
    axis.inputs = outputs();
    std::vector<std::vector<AxisTerm>> lists(static_cast<std::size_t>(inputs));
    for (int output = 0; output < outputs(); ++output) {
        const auto at = static_cast<std::size_t>(output);
        for (int k = first[at]; k < first[at + 1]; ++k) {
            const AxisTerm& term = terms[static_cast<std::size_t>(k)];
            lists[static_cast<std::size_t>(term.input)].push_back({output, term.weight});
        }
    }
    axis.first.push_back(0);
    for (const auto& list : lists) {
        axis.terms.insert(axis.terms.end(), list.begin(), list.end());
        axis.first.push_back(static_cast<int>(axis.terms.size()));
    }
    return axis;
}

template <>
void filter_rows(const float* x, float* y, const FilterAxis& rows, const FilterAxis& columns, int channels, int first,
                 int last, float* scratch) {
    rows_f32(x, y, rows, columns, channels, first, last, scratch);
}
template <>
void filter_rows(const std::uint16_t* x, std::uint16_t* y, const FilterAxis& rows, const FilterAxis& columns,
                 int channels, int first, int last, float* scratch) {
    rows_bf16(x, y, rows, columns, channels, first, last, scratch);
}

} // namespace atelier::ops
