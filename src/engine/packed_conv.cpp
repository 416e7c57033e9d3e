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

const Sizes one{1, 1}, two{2, 2}, zero{0, 0};

} // namespace

PackedConv::PackedConv(const at::Tensor& weight, bool up, at::ScalarType dtype, std::int64_t height, std::int64_t width)
    : up_(up) {
    const std::int64_t groups = 1;
    // torch keeps [I,O,k,k] for a transposed convolution.
    weight_ = (up ? weight.transpose(0, 1) : weight).to(dtype).contiguous();
    if (have_packed_convolutions()) {
        try {
            const Sizes input{1, weight.size(1), height, width};
            weight_ = up ? call(Operators::get().reorder_transposed, weight_, zero, zero, two, one, groups, input)
                         : call(Operators::get().reorder, weight_, one, one, one, groups, input);
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
        const std::int64_t groups = 1;
        const c10::List<std::optional<c10::Scalar>> no_scalars;
        y = up_ ? call(Operators::get().convolve_transposed, x, weight_, c10::IValue(), zero, zero, two, one, groups,
                       std::string("none"), no_scalars, c10::IValue())
                : call(Operators::get().convolve, x, weight_, c10::IValue(), one, one, one, groups, std::string("none"),
                       no_scalars, c10::IValue());
    } else if (up_) {
        y = at::conv_transpose2d(x, weight_, {}, at::IntArrayRef(two));
    } else {
        y = at::conv2d(x, weight_, {}, at::IntArrayRef(one), at::IntArrayRef(one));
    }
    return y.contiguous(at::MemoryFormat::ChannelsLast);
}

} // namespace atelier
