// SPDX-License-Identifier: Apache-2.0
#include "engine/up_conv.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>

#include "ops/cpu_features.h"

namespace atelier {
namespace {

// What output pixels of even (0) or odd (1) rows and columns see of the kernel [O,I,3,3], as a correlation's kernel:
// the even ones two taps an axis, for the pixel before them and the one they lie on, the odd ones the middle tap.
at::Tensor taps_of_phase(const at::Tensor& weight, std::int64_t row, std::int64_t column) {
    return weight.slice(2, row, 3, 2).slice(3, column, 3, 2).flip({2, 3});
}

} // namespace

UpConv::Form UpConv::quickest(std::int64_t in_channels, PackedConv::Input input) {
    if (input.dtype != at::kBFloat16 || !ops::cpu_has_amx()) {
        return Form::transposed;
    }
    // Few channels: four small convolutions would each take as long to begin as to compute.
    return in_channels <= 256 && input.height * input.width <= 128 * 128 && in_channels * input.height <= 128 * 128
               ? Form::fourfold
               : Form::sub_pixel;
}

UpConv::UpConv(const at::Tensor& weight, PackedConv::Input input, Form form) : form_(form) {
    if (form == Form::transposed) {
        convs_.push_back(PackedConv::transposed(weight, input));
        return;
    }
    std::vector<at::Tensor> phases;
    for (const std::int64_t row : {0, 1}) {
        for (const std::int64_t column : {0, 1}) {
            const at::Tensor taps = taps_of_phase(weight, row, column);
            if (form == Form::sub_pixel) {
                convs_.emplace_back(taps, std::array<std::int64_t, 2>{1 - row, 1 - column}, input);
            } else {
                phases.push_back(at::constant_pad_nd(taps, {column, 0, row, 0}));
            }
        }
    }
    if (form == Form::fourfold) {
        convs_.emplace_back(at::cat(phases), std::array<std::int64_t, 2>{1, 1}, input);
    }
}

UpConv::Output UpConv::forward(const at::Tensor& x) const {
    Output out{{}, form_};
    for (const PackedConv& conv : convs_) {
        out.held.push_back(conv.forward(x));
    }
    return out;
}

template <typename Element> ops::Phases<Element> UpConv::Output::phases() const {
    const auto start = [](const at::Tensor& t) { return static_cast<const Element*>(t.const_data_ptr()); };
    const std::ptrdiff_t channels = held[0].size(1), width = held[0].size(3);
    if (form == Form::transposed) {
        return ops::phases_of(start(held[0]), static_cast<int>(width) - 1, static_cast<int>(channels));
    }
    ops::Phases<Element> all;
    all.step = channels;
    for (std::size_t i = 0; i < 4; ++i) {
        const at::Tensor& from = held[form == Form::fourfold ? 0 : i];
        all.first[i] = start(from) + (form == Form::fourfold ? static_cast<std::ptrdiff_t>(i) * channels / 4 : 0);
        all.row[i] = channels * from.size(3);
    }
    return all;
}
template ops::Phases<float> UpConv::Output::phases() const;
template ops::Phases<std::uint16_t> UpConv::Output::phases() const;

} // namespace atelier
