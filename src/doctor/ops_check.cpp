// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include "base/error.h"
#include "doctor/checks.h"
#include "ops/bias_act.h"
#include "ops/conv.h"
#include "ops/device.h"
#include "ops/grid_sample.h"
#include "ops/modulated_conv.h"
#include "ops/upfirdn2d.h"

namespace atelier::doctor {
namespace {

using Tensors = std::vector<at::Tensor>;
using Op = std::function<at::Tensor(const Tensors&)>;

struct Subject {
    std::string name;
    Tensors inputs; // float64, CPU
    Op op;
};

// Value, gradients of all inputs, and the gradients of these.
Tensors derive(const Op& op, const Tensors& data, const c10::Device& device, at::ScalarType type, bool twice) {
    at::manual_seed(17);
    Tensors inputs;
    for (const at::Tensor& each : data) {
        // As the layers keep them: pictures in the half precision, factors and weights in float32.
        const at::ScalarType of = type == at::kDouble || inputs.empty() ? type : at::kFloat;
        at::Tensor t = each.to(of);
        if (t.dim() == 4 && device.is_cpu() && type != at::kDouble)
            t = t.contiguous(at::MemoryFormat::ChannelsLast); // as training has it there
        inputs.push_back(t.to(device).detach().requires_grad_(true));
    }
    const at::Tensor y = op(inputs);
    const at::Tensor g = at::randn(y.sizes(), at::kDouble).to(y.scalar_type()).to(device).requires_grad_(true);
    Tensors out{y};
    const auto first = torch::autograd::grad({y}, inputs, {g}, true, twice, true);
    out.insert(out.end(), first.begin(), first.end());
    if (!twice)
        return out;
    at::Tensor sum = at::zeros({}, at::TensorOptions(at::kDouble).device(device));
    for (const at::Tensor& each : first) {
        const at::Tensor probe = at::randn(each.sizes(), at::kDouble).to(device);
        sum = sum + (each.to(at::kDouble) * probe).sum();
    }
    const auto second = torch::autograd::grad({sum}, {g}, {}, false, false, true);
    out.insert(out.end(), second.begin(), second.end());
    return out;
}

double error_of(const at::Tensor& got, const at::Tensor& wanted) {
    if (!got.defined() || !wanted.defined())
        return got.defined() == wanted.defined() ? 0 : INFINITY;
    const at::Tensor a = got.detach().to(at::kCPU, at::kDouble), b = wanted.detach().to(at::kDouble);
    const double largest = b.abs().max().item<double>();
    const double difference = (a - b).abs().max().item<double>();
    return std::isfinite(difference) ? difference / std::max(largest, 1e-9) : INFINITY;
}

Check compare(const Subject& subject, const c10::Device& device, at::ScalarType type, double bound, bool twice) {
    const char* kind = type == at::kFloat ? "float32" : type == at::kHalf ? "float16" : "bfloat16";
    return checked(fmt::format("{}, {}", subject.name, kind), [&] {
        Tensors rounded = subject.inputs; // what the device is given, exactly
        rounded[0] = rounded[0].to(type).to(at::kDouble);
        for (std::size_t i = 1; i < rounded.size(); ++i)
            rounded[i] = rounded[i].to(at::kFloat).to(at::kDouble);
        const Tensors wanted = derive(subject.op, rounded, c10::kCPU, at::kDouble, twice);
        const Tensors got = derive(subject.op, rounded, device, type, twice);
        double largest = 0;
        for (std::size_t i = 0; i < wanted.size(); ++i)
            largest = std::max(largest, error_of(got[i], wanted[i]));
        if (!(largest <= bound))
            fail("off by {:.2g} of the largest value; up to {:.2g} is rounding", largest, bound);
        return fmt::format("within {:.1g}", largest);
    });
}

std::vector<Subject> subjects() {
    at::manual_seed(16);
    const at::Tensor f = ops::setup_filter(at::tensor({1.0F, 3.0F, 3.0F, 1.0F}));
    const auto pictures = [](std::int64_t channels, std::int64_t size) {
        return at::randn({2, channels, size, size}, at::kDouble);
    };
    // On each tensor's own device and in its own kind.
    const auto filter_for = [f](const at::Tensor& x) {
        return f.to(x.device(), x.scalar_type() == at::kDouble ? at::kDouble : at::kFloat);
    };
    std::vector<Subject> all;
    for (const auto act : {ops::Activation::linear, ops::Activation::relu, ops::Activation::lrelu,
                           ops::Activation::tanh, ops::Activation::sigmoid, ops::Activation::elu, ops::Activation::selu,
                           ops::Activation::softplus, ops::Activation::swish}) {
        // Away from the kinks, at which rounding would decide.
        const at::Tensor x = pictures(24, 17), off = x + at::sign(x) * 0.3, b = at::rand({24}, at::kDouble) * 0.2 - 0.1;
        all.push_back({fmt::format("bias_act {}", ops::activation_name(act)), {off, b}, [act](const Tensors& in) {
                           return ops::bias_act(in[0], in[1], {act, {}, {}, 256.0});
                       }});
    }
    const auto add_filter = [&](const char* name, std::int64_t channels, const ops::Resample& how) {
        all.push_back({name, {pictures(channels, 21)}, [=](const Tensors& in) {
                           return ops::upfirdn2d(in[0], filter_for(in[0]), how);
                       }});
    };
    add_filter("upfirdn2d up", 3, {{2, 2}, {1, 1}, {2, 1, 2, 1}, false, 4});
    add_filter("upfirdn2d down", 24, {{1, 1}, {2, 2}, {1, 1, 1, 1}, false, 1});
    add_filter("upfirdn2d filter", 24, {{1, 1}, {1, 1}, {2, 1, 2, 1}, true, 1});
    for (const int up : {1, 2}) {
        const at::Tensor w = at::randn({16, 24, 3, 3}, at::kDouble) * 0.1;
        all.push_back(
            {up == 1 ? "modulated convolution" : "modulated convolution up",
             {pictures(24, 9), w, at::rand({2, 24}, at::kDouble) + 0.5},
             [=](const Tensors& in) {
                 return ops::modulated_conv2d(in[0], in[1], in[2], filter_for(in[0]), {}, {up, 1, true, up == 1});
             }});
    }
    all.push_back(
        {"convolution down", {pictures(24, 18), at::randn({16, 24, 3, 3}, at::kDouble) * 0.1}, [=](const Tensors& in) {
             return ops::conv2d_resample(in[0], in[1].to(in[0].scalar_type()), filter_for(in[0]),
                                         {1, 2, {1, 1, 1, 1}, 1, true, false});
         }});
    const at::Tensor grid = at::rand({2, 12, 12, 2}, at::kDouble) * 1.8 - 0.9;
    all.push_back({"grid_sample", {pictures(3, 15)}, [grid](const Tensors& in) {
                       const at::Tensor x = in[0].to(in[0].scalar_type() == at::kDouble ? at::kDouble : at::kFloat);
                       return ops::grid_sample(x, grid.to(x.device(), x.scalar_type())).to(in[0].scalar_type());
                   }});
    return all;
}

} // namespace

void check_ops(const std::string& device_name, const Told& told) {
    const c10::Device device = choose_device(device_name);
    const at::ScalarType half = device.is_cpu() ? at::kBFloat16 : at::kHalf;
    for (const Subject& subject : subjects()) {
        for (const at::ScalarType type : {at::kFloat, half}) {
            told(compare(subject, device, type,
                         type == at::kFloat  ? 2e-5
                         : type == at::kHalf ? 5e-3
                                             : 3e-2,
                         type == at::kFloat));
        }
    }
}

} // namespace atelier::doctor
