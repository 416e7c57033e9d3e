// SPDX-License-Identifier: Apache-2.0
#include "ops/fir_function.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include <ATen/ops/empty.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/custom_class.h>

#include "ops/fir_kernels.h"
#include "ops/parallel.h"
#include "ops/resampled_size.h"

namespace atelier::ops {
namespace {

struct Axes {
    FilterAxis rows, columns;
    Axes turned() const { return {rows.turned(), columns.turned()}; }
};
// Both ways, for as long as a graph holds on to them.
struct Filter {
    Axes forward, backward;
};
using SharedFilter = std::shared_ptr<const Filter>;

struct Taps {
    std::vector<float> x, y;
};

// The rows that f is the outer product of, to a millionth of its largest tap; nothing if it isn't one.
std::optional<Taps> separated(const at::Tensor& f) {
    const at::Tensor taps = f.to(at::kFloat).contiguous();
    const float* p = taps.const_data_ptr<float>();
    const auto width = static_cast<std::size_t>(taps.size(-1)), height = static_cast<std::size_t>(taps.size(0));
    if (taps.dim() == 1)
        return Taps{{p, p + width}, {p, p + width}};
    std::size_t largest = 0;
    for (std::size_t i = 1; i < width * height; ++i) {
        if (std::abs(p[i]) > std::abs(p[largest]))
            largest = i;
    }
    if (p[largest] == 0)
        return std::nullopt;
    const float* row = p + largest / width * width;
    Taps found{{row, row + width}, {}};
    for (std::size_t y = 0; y < height; ++y)
        found.y.push_back(p[y * width + largest % width] / p[largest]);
    for (std::size_t i = 0; i < width * height; ++i) {
        if (std::abs(found.y[i / width] * found.x[i % width] - p[i]) > 1e-6F * std::abs(p[largest]))
            return std::nullopt;
    }
    return found;
}

// Rows of all pictures (or planes) in shares, with memory for each thread.
template <typename Work>
void over_rows(std::int64_t pictures, int rows, int block, std::size_t scratch_size, const Work& work) {
    const std::int64_t blocks = (rows + block - 1) / block;
    parallel_for(0, pictures * blocks, 1, [&](std::int64_t begin, std::int64_t end) {
        thread_local std::vector<float> scratch;
        scratch.resize(std::max(scratch.size(), scratch_size));
        for (std::int64_t i = begin; i < end; ++i) {
            const int first = static_cast<int>(i % blocks) * block;
            work(i / blocks, first, std::min(first + block, rows), scratch.data());
        }
    });
}

// by_channels: x and y lie channels last; otherwise as planes.
template <typename Element> void run(const at::Tensor& x, const at::Tensor& y, const Axes& axes, bool by_channels) {
    const auto* source = static_cast<const Element*>(x.const_data_ptr());
    auto* target = static_cast<Element*>(y.mutable_data_ptr());
    const auto channels = static_cast<int>(x.size(1));
    const std::int64_t in = x.size(2) * x.size(3), out = y.size(2) * y.size(3);
    if (by_channels) {
        over_rows(x.size(0), axes.rows.outputs, 4, static_cast<std::size_t>(x.size(3) * channels),
                  [&](std::int64_t i, int first, int last, float* scratch) {
                      filter_rows(source + i * in * channels, target + i * out * channels, axes.rows, axes.columns,
                                  channels, first, last, scratch);
                  });
    } else {
        over_rows(x.size(0) * channels, axes.rows.outputs, 64, plane_scratch(axes.columns),
                  [&](std::int64_t i, int first, int last, float* scratch) {
                      filter_plane(source + i * in, target + i * out, axes.rows, axes.columns, first, last, scratch);
                  });
    }
}

struct Kept : torch::CustomClassHolder { // as a context takes it
    SharedFilter filter;
};

struct Filtered : torch::autograd::Function<Filtered> {
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& input,
                              const SharedFilter& filter, bool turned) {
        context->saved_data["turned"] = turned;
        auto holder = c10::make_intrusive<Kept>();
        holder->filter = filter;
        context->saved_data["filter"] = c10::IValue::make_capsule(std::move(holder));
        const Axes& axes = turned ? filter->backward : filter->forward;
        const bool last = input.suggest_memory_format() == at::MemoryFormat::ChannelsLast;
        // With few channels, planes: what lies side by side is computed side by side.
        const bool by_channels = last && input.size(1) >= 8;
        const auto format = by_channels ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
        const at::Tensor x = input.contiguous(format);
        at::Tensor y = at::empty({x.size(0), x.size(1), axes.rows.outputs, axes.columns.outputs},
                                 x.options().requires_grad(false), format);
        if (x.scalar_type() == at::kFloat)
            run<float>(x, y, axes, by_channels);
        else
            run<std::uint16_t>(x, y, axes, by_channels);
        return last ? y.contiguous(at::MemoryFormat::ChannelsLast) : y;
    }
    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   const torch::autograd::variable_list& grads) {
        const auto kept = c10::static_intrusive_pointer_cast<Kept>(context->saved_data["filter"].toCapsule());
        return {Filtered::apply(grads[0], kept->filter, !context->saved_data["turned"].toBool()), at::Tensor(),
                at::Tensor()};
    }
};

} // namespace

std::optional<at::Tensor> fir_on_cpu(const at::Tensor& x, const at::Tensor& f, const Resample& how) {
    if (!x.device().is_cpu() || (x.scalar_type() != at::kFloat && x.scalar_type() != at::kBFloat16) || x.dim() != 4 ||
        x.numel() == 0 || !f.defined() || (how.up[0] > 1 && how.down[0] > 1) || (how.up[1] > 1 && how.down[1] > 1))
        return std::nullopt;
    std::optional<Taps> taps = separated(f);
    if (!taps)
        return std::nullopt;
    const auto axis = [&](std::vector<float>& row, std::int64_t size, std::size_t which, std::size_t pad) {
        if (!how.flip_filter) // a convolution turns its kernel round
            std::reverse(row.begin(), row.end());
        for (float& tap : row)
            tap *= static_cast<float>(std::sqrt(how.gain));
        const int up = how.up[which], down = how.down[which], before = how.padding[pad], after = how.padding[pad + 1];
        const std::int64_t outputs =
            resampled_size(size, up, down, before, after, static_cast<std::int64_t>(row.size()));
        return FilterAxis(static_cast<int>(size), static_cast<int>(outputs), up, down, before, row);
    };
    Filter filter;
    filter.forward.rows = axis(taps->y, x.size(2), 1, 2);
    filter.forward.columns = axis(taps->x, x.size(3), 0, 0);
    if (filter.forward.rows.outputs < 1 || filter.forward.columns.outputs < 1)
        return std::nullopt; // who speaks of it says why
    filter.backward = filter.forward.turned();
    return Filtered::apply(x, std::make_shared<const Filter>(std::move(filter)), false);
}

} // namespace atelier::ops
