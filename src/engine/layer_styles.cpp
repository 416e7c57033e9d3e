// SPDX-License-Identifier: Apache-2.0
#include "engine/layer_styles.h"

#include <algorithm>
#include <cmath>

#include "ops/parallel.h"
#include "ops/synthesis_kernels.h"

namespace atelier {

namespace {

// a [rows,columns] float32 or bfloat16.
void multiply(const at::Tensor& a, const float* x, float* out, bool square, int begin, int end) {
    const int columns = static_cast<int>(a.size(1));
    if (a.scalar_type() == at::kFloat) {
        ops::matrix_vector(a.const_data_ptr<float>(), x, out, columns, square, begin, end);
    } else {
        ops::matrix_vector(static_cast<const std::uint16_t*>(a.const_data_ptr()), x, out, columns, square, begin, end);
    }
}

} // namespace

void RowWork::add(int rows, int columns, Rows work) {
    parts_.push_back({rows_, rows, std::move(work)});
    rows_ += rows;
    widest_ = std::max(widest_, columns);
}

void RowWork::run() const {
    const std::int64_t grain = std::max(1, 32768 / widest_); // a share worth waking a core for
    ops::parallel_for(0, rows_, grain, [&](std::int64_t begin, std::int64_t end) {
        for (const Part& part : parts_) {
            const int first = std::max(static_cast<int>(begin) - part.first, 0);
            const int last = std::min(static_cast<int>(end) - part.first, part.rows);
            if (first < last) {
                part.work(first, last);
            }
        }
    });
}

Styles::Styles(const PreparedAffine& from) : affine(from), out(static_cast<std::size_t>(from.weight.size(0))) {}

void Styles::add_to(RowWork& work, const float* w) {
    const int columns = static_cast<int>(affine.weight.size(1));
    const float* b = affine.bias.const_data_ptr<float>();
    work.add(static_cast<int>(out.size()), columns, [this, b, w](int begin, int end) {
        multiply(affine.weight, w, out.data(), false, begin, end);
        for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
            out[i] += b[i];
        }
    });
}

LayerStyles::LayerStyles(const PreparedLayer& from)
    : weights(from), styles(from.affine), demodulation(static_cast<std::size_t>(from.channels)) {}

void LayerStyles::add_to(RowWork& work, RowWork& demodulations, const float* w) {
    styles.add_to(work, w);
    const int columns = static_cast<int>(weights.energy.size(1));
    demodulations.add(weights.channels, columns, [this](int begin, int end) {
        multiply(weights.energy, styles.out.data(), demodulation.data(), true, begin, end);
        for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
            demodulation[i] = 1 / std::sqrt(demodulation[i] + 1e-8F);
        }
    });
}

RgbStyles::RgbStyles(const PreparedRgb& from)
    : weights(from), styles(from.affine), styled(static_cast<std::size_t>(from.weight.numel())) {}

void RgbStyles::weigh() {
    const float* a = weights.weight.const_data_ptr<float>();
    for (std::size_t i = 0; i < styled.size(); ++i) {
        styled[i] = a[i] * styles.out[i % styles.out.size()];
    }
}

} // namespace atelier
