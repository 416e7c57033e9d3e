// SPDX-License-Identifier: Apache-2.0
#include "engine/packed_conv.h"

#include <ATen/Context.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv_transpose2d.h>

namespace atelier {
namespace {

using Stack = torch::jit::Stack;
using Sizes = std::vector<std::int64_t>;

// oneDNN's prepacked convolutions are registered operators of the library without a C++ header.
template <typename... Args> at::Tensor call(const c10::OperatorHandle& op, Args&&... args) {
    Stack stack;
    (stack.emplace_back(std::forward<Args>(args)), ...);
    op.callBoxed(stack);
    return std::move(stack.front()).toTensor();
}

// Looked up once: by name it costs as much as a small convolution.
struct Operators {
    static c10::OperatorHandle find(const char* name) {
        return c10::Dispatcher::singleton().findSchemaOrThrow(name, "");
    }
    c10::OperatorHandle reorder = find("mkldnn::_reorder_convolution_weight");
    c10::OperatorHandle convolve = find("mkldnn::_convolution_pointwise");
    c10::OperatorHandle reorder_transposed = find("mkldnn::_reorder_convolution_transpose_weight");
    c10::OperatorHandle convolve_transposed = find("mkldnn::_convolution_transpose_pointwise");
    static const Operators& get() {
        static const Operators operators;
        return operators;
    }
};

bool have_packed_convolutions() {
    static const bool have = [] {
        auto& dispatcher = c10::Dispatcher::singleton();
        for (const char* name :
             {"mkldnn::_reorder_convolution_weight", "mkldnn::_convolution_pointwise",
              "mkldnn::_reorder_convolution_transpose_weight", "mkldnn::_convolution_transpose_pointwise"}) {
            if (!dispatcher.findSchema({name, ""})) {
                return false;
            }
        }
        return at::globalContext().userEnabledMkldnn();
    }();
    return have;
}

const Sizes one{1, 1}, two{2, 2};
constexpr std::int64_t groups = 1;

} // namespace

PackedConv::PackedConv(const at::Tensor& weight, std::array<std::int64_t, 2> padding, Input input)
    : weight_(weight), padding_(padding.begin(), padding.end()) {
    pack(input);
}

PackedConv PackedConv::transposed(const at::Tensor& weight, Input input) {
    PackedConv conv;
    conv.weight_ = weight.transpose(0, 1); // torch keeps [I,O,k,k] for these
    conv.up_ = true;
    conv.pack(input);
    return conv;
}

void PackedConv::pack(Input input) {
    const Sizes size{1, weight_.size(up_ ? 0 : 1), input.height, input.width};
    weight_ = weight_.to(input.dtype).contiguous();
    if (have_packed_convolutions()) {
        try {
            weight_ =
                up_ ? call(Operators::get().reorder_transposed, weight_, padding_, padding_, two, one, groups, size)
                    : call(Operators::get().reorder, weight_, padding_, one, one, groups, size);
            packed_ = true;
            return;
        } catch (const std::exception&) {
            packed_ = false; // a processor or build without it: the plain operators do the same, slower
        }
    }
    weight_ = weight_.contiguous(at::MemoryFormat::ChannelsLast);
}

at::Tensor PackedConv::forward(const at::Tensor& x) const {
    at::Tensor y;
    if (packed_) {
        const c10::List<std::optional<c10::Scalar>> no_scalars;
        y = up_ ? call(Operators::get().convolve_transposed, x, weight_, c10::IValue(), padding_, padding_, two, one,
                       groups, std::string("none"), no_scalars, c10::IValue())
                : call(Operators::get().convolve, x, weight_, c10::IValue(), padding_, one, one, groups,
                       std::string("none"), no_scalars, c10::IValue());
    } else if (up_) {
        y = at::conv_transpose2d(x, weight_, {}, at::IntArrayRef(two));
    } else {
        y = at::conv2d(x, weight_, {}, at::IntArrayRef(one), at::IntArrayRef(padding_));
    }
    return y.contiguous(at::MemoryFormat::ChannelsLast);
}

} // namespace atelier
