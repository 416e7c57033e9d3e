// SPDX-License-Identifier: Apache-2.0
#include "ops/fir_kernels.h"

#include <algorithm>

#include "ops/elements.h"
#include "ops/simd.h"

namespace atelier::ops {
namespace {

// to[i] = sum over the terms of weight * from[input * step + i], for i below `size`. To and From: float or Element.
// Count: of the terms, or 0 for any number.
template <Level L, int Count, typename From, typename To>
ATELIER_INLINE void sum_of(const From* from, To* to, const AxisTerm* terms, int any, std::ptrdiff_t step,
                           std::ptrdiff_t size) {
    using R = Register<L>;
    const int count = Count > 0 ? Count : any;
    std::ptrdiff_t i = 0;
    for (; i + R::width <= size; i += R::width) {
        typename R::Floats sum{};
#pragma GCC unroll 4
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
// The filter of all networks has four taps, of which two meet a sample where zeros were inserted.
template <Level L, typename From, typename To>
ATELIER_INLINE void weighted_sum(const From* from, To* to, const AxisTerm* terms, int count, std::ptrdiff_t step,
                                 std::ptrdiff_t size) {
    switch (count) {
    case 2: sum_of<L, 2>(from, to, terms, count, step, size); break;
    case 4: sum_of<L, 4>(from, to, terms, count, step, size); break;
    default: sum_of<L, 0>(from, to, terms, count, step, size); break;
    }
}

template <Level L, typename Element>
ATELIER_INLINE void rows_of(const Element* x, Element* y, const FilterAxis& rows, const FilterAxis& columns,
                            int channels, int first, int last, float* scratch) {
    const std::ptrdiff_t row_size = std::ptrdiff_t{columns.inputs} * channels;
    const int width = columns.outputs;
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

// A row between the two passes, with zeros around it so that no sum meets a border. Where columns are skipped the even
// and odd samples (of `down` kinds) lie apart, where zeros are inserted the sums of each kind of output come apart:
// what lies side by side is then computed side by side.
struct Line {
    std::ptrdiff_t padded;      // floats of one kind
    std::ptrdiff_t before;      // zeros in front, up > 1
    std::ptrdiff_t size_of_out; // floats of one kind of output, up > 1

    explicit Line(const FilterAxis& c) {
        const auto taps = static_cast<std::ptrdiff_t>(c.taps.size());
        before = c.up > 1 ? taps + std::max(c.pad, 0) : 0;
        size_of_out = (c.outputs + c.up - 1) / c.up;
        padded = c.up > 1 ? before + std::max<std::ptrdiff_t>(c.inputs, size_of_out + taps + std::max(-c.pad, 0)) + taps
                          : c.outputs + taps;
    }
};

// The sums of a kind of output: where in the padded line each tap begins. All kinds, one after the other.
struct LineTerms {
    std::vector<AxisTerm> terms;
    std::vector<int> first{0}; // of each kind; one more at the end

    LineTerms(const FilterAxis& c, const Line& line) {
        const int taps = static_cast<int>(c.taps.size());
        for (int kind = 0; kind < c.up; ++kind) {
            for (int k = 0; k < taps; ++k) {
                const float tap = c.taps[static_cast<std::size_t>(k)];
                const int shift = kind + k - c.pad;
                if (c.up == 1)
                    terms.push_back({static_cast<int>(k % c.down * line.padded) + k / c.down, tap});
                else if (shift % c.up == 0)
                    terms.push_back({static_cast<int>(line.before) + shift / c.up, tap});
            }
            first.push_back(static_cast<int>(terms.size()));
        }
    }
};

// A row without zeros inserted, its kinds of samples apart.
ATELIER_INLINE void spread(const float* row, const FilterAxis& c, const Line& line, float* padded) {
    for (int kind = 0; kind < c.down; ++kind, padded += line.padded) {
        int i = std::max(0, -c.pad);
        i += ((kind - i - c.pad) % c.down + c.down) % c.down;
        float* to = padded + (i + c.pad) / c.down;
        const float* end = padded + line.padded;
        if (c.down == 1) {
            std::copy_n(row + i, std::max<std::ptrdiff_t>(0, std::min<std::ptrdiff_t>(c.inputs - i, end - to)), to);
            continue;
        }
        for (; i < c.inputs && to < end; i += c.down)
            *to++ = row[i];
    }
}

template <Level L, typename Element>
ATELIER_INLINE void plane_rows(const Element* x, Element* y, const FilterAxis& rows, const FilterAxis& columns,
                               int first, int last, float* scratch) {
    const Line line(columns);
    const LineTerms sums(columns, line);
    float* row = scratch; // after the vertical pass
    float* padded = row + columns.inputs;
    float* kinds = padded + columns.down * line.padded;
    std::fill_n(padded, columns.down * line.padded, 0.0F);
    for (int at = first; at < last; ++at) {
        const auto r = static_cast<std::size_t>(at);
        weighted_sum<L>(x, row, rows.terms.data() + rows.first[r], rows.first[r + 1] - rows.first[r], columns.inputs,
                        columns.inputs);
        Element* target = y + std::ptrdiff_t{at} * columns.outputs;
        if (columns.up == 1) {
            spread(row, columns, line, padded);
            weighted_sum<L>(padded, target, sums.terms.data(), sums.first[1], 1, columns.outputs);
            continue;
        }
        std::copy_n(row, columns.inputs, padded + line.before);
        for (int kind = 0; kind < columns.up; ++kind) {
            const auto k = static_cast<std::size_t>(kind);
            weighted_sum<L>(padded, kinds, sums.terms.data() + sums.first[k], sums.first[k + 1] - sums.first[k], 1,
                            line.size_of_out);
            for (int i = 0, out = kind; out < columns.outputs; ++i, out += columns.up)
                put_one(target + out, kinds[i]);
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

ATELIER_DISPATCH(plane_f32,
                 (const float* x, float* y, const FilterAxis& rows, const FilterAxis& columns, int first, int last,
                  float* scratch),
                 plane_rows, x, y, rows, columns, first, last, scratch)
ATELIER_DISPATCH(plane_bf16,
                 (const std::uint16_t* x, std::uint16_t* y, const FilterAxis& rows, const FilterAxis& columns,
                  int first, int last, float* scratch),
                 plane_rows, x, y, rows, columns, first, last, scratch)

} // namespace

FilterAxis::FilterAxis(int in, int out, int u, int d, int p, std::vector<float> t)
    : inputs(in), outputs(out), up(u), down(d), pad(p), taps(std::move(t)) {
    first.push_back(0);
    for (int output = 0; output < outputs; ++output) {
        for (std::size_t k = 0; k < taps.size(); ++k) {
            const int at = output * down + static_cast<int>(k) - pad; // in the axis with zeros in it
            if (at >= 0 && at < inputs * up && at % up == 0 && taps[k] != 0)
                terms.push_back({at / up, taps[k]});
        }
        first.push_back(static_cast<int>(terms.size()));
    }
}

// Output o takes input i by tap i * up - o * down + pad; backwards i takes o by the same one.
FilterAxis FilterAxis::turned() const {
    const int last_tap = static_cast<int>(taps.size()) - 1;
    return {outputs, inputs, down, up, last_tap - pad, {taps.rbegin(), taps.rend()}};
}

std::size_t plane_scratch(const FilterAxis& columns) {
    const Line line(columns);
    return static_cast<std::size_t>(columns.inputs + columns.down * line.padded + line.size_of_out);
}

template <>
void filter_plane(const float* x, float* y, const FilterAxis& rows, const FilterAxis& columns, int first, int last,
                  float* scratch) {
    plane_f32(x, y, rows, columns, first, last, scratch);
}
template <>
void filter_plane(const std::uint16_t* x, std::uint16_t* y, const FilterAxis& rows, const FilterAxis& columns,
                  int first, int last, float* scratch) {
    plane_bf16(x, y, rows, columns, first, last, scratch);
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
