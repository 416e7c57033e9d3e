// SPDX-License-Identifier: Apache-2.0
#include "ops/bias_act.h"

#include <array>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "ops/layer_function.h"
#ifdef ATELIER_WITH_CUDA
#include "ops/bias_act_cuda.h"
#include "ops/bias_act_function.h"
#endif

namespace atelier::ops {
namespace {

constexpr std::array<std::pair<const char*, Activation>, 9> names{{{"linear", Activation::linear},
                                                                   {"relu", Activation::relu},
                                                                   {"lrelu", Activation::lrelu},
                                                                   {"tanh", Activation::tanh},
                                                                   {"sigmoid", Activation::sigmoid},
                                                                   {"elu", Activation::elu},
                                                                   {"selu", Activation::selu},
                                                                   {"softplus", Activation::softplus},
                                                                   {"swish", Activation::swish}}};

at::Tensor activate(const at::Tensor& x, Activation act, double alpha) {
    switch (act) {
    case Activation::linear: return x;
    case Activation::relu: return at::relu(x);
    case Activation::lrelu: return at::leaky_relu(x, alpha);
    case Activation::tanh: return at::tanh(x);
    case Activation::sigmoid: return at::sigmoid(x);
    case Activation::elu: return at::elu(x);
    case Activation::selu: return at::selu(x);
    case Activation::softplus: return at::softplus(x);
    case Activation::swish: return at::sigmoid(x) * x;
    }
    return x;
}

} // namespace

Activation activation_from_name(const std::string& name) {
    for (const auto& [known, act] : names) {
        if (name == known) {
            return act;
        }
    }
    fail("The activation '{}' is unknown; known are linear, relu, lrelu, tanh, sigmoid, elu, selu, softplus and swish.",
         name);
}

const char* activation_name(Activation act) {
    for (const auto& [known, value] : names) {
        if (value == act) {
            return known;
        }
    }
    return "linear";
}

double default_gain(Activation act) {
    return act == Activation::relu || act == Activation::lrelu || act == Activation::swish ? std::sqrt(2.0) : 1.0;
}

at::Tensor bias_act(const at::Tensor& x, const at::Tensor& b, const BiasAct& how, std::int64_t dim) {
#ifdef ATELIER_WITH_CUDA
    if (x.is_cuda() && kernel_takes(x, b, dim)) {
        return bias_act_cuda(x, b, how, dim);
    }
#endif
    if (dim == 1 && layer_tail_takes(x, how) && (!b.defined() || b.numel() == x.size(1))) {
        return layer_tail(x, {}, {}, b, how);
    }
    at::Tensor y = x;
    if (b.defined()) {
        std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
        shape[static_cast<std::size_t>(dim)] = b.numel();
        y = y + b.to(x.scalar_type()).reshape(shape);
    }
    y = activate(y, how.act, how.alpha.value_or(0.2));
    if (const double gain = how.gain.value_or(default_gain(how.act)); gain != 1) {
        y = y * gain;
    }
    if (how.clamp) {
        y = y.clamp(-*how.clamp, *how.clamp);
    }
    return y;
}

} // namespace atelier::ops
