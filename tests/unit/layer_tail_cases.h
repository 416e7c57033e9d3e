// SPDX-License-Identifier: Apache-2.0
// Values with both derivatives by any way, and a layer's tail in torch's own operations. For tests only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "ops/bias_act.h"

namespace atelier::testing {

using ops::Activation;
using ops::BiasAct;
using Tensors = std::vector<at::Tensor>;
using Op = std::function<at::Tensor(const Tensors&)>;

inline at::Tensor last(const at::Tensor& t) {
    return t.dim() == 4 ? t.contiguous(at::MemoryFormat::ChannelsLast) : t;
}

struct Derivatives {
    at::Tensor y;
    Tensors first, second; // of each input; second with the probes' gradient in front
};

// With probes that are the same for every type.
inline Derivatives derive(const Op& op, const Tensors& data, at::ScalarType type) {
    at::manual_seed(11);
    Tensors inputs, wanted;
    for (std::size_t i = 0; i < data.size(); ++i) {
        const auto of = i == 0 || type == at::kDouble ? type : at::kFloat; // factors stay float32
        inputs.push_back(data[i].defined() ? last(data[i].detach().to(of)).clone().requires_grad_(true) : at::Tensor());
        if (inputs.back().defined())
            wanted.push_back(inputs.back());
    }
    Derivatives out;
    out.y = op(inputs);
    const at::Tensor g = last(at::randn(out.y.sizes()).to(type)).clone().requires_grad_(true);
    out.first = torch::autograd::grad({out.y}, wanted, {g}, true, true, true);
    at::Tensor sum = at::zeros({}, at::kDouble);
    for (const at::Tensor& each : out.first) {
        const at::Tensor probe = at::randn(each.sizes(), at::kDouble);
        sum = sum + (each.to(at::kDouble) * probe).sum();
    }
    Tensors of{g};
    of.insert(of.end(), wanted.begin(), wanted.end());
    out.second = torch::autograd::grad({sum}, of, {}, false, false, true);
    return out;
}

inline void expect_near(const at::Tensor& got, const at::Tensor& wanted, double bound, const std::string& what) {
    if (!got.defined() || !wanted.defined()) { // of which nothing depends on it
        const at::Tensor& one = got.defined() ? got : wanted;
        EXPECT_TRUE(!one.defined() || one.abs().max().item<double>() == 0) << what;
        return;
    }
    ASSERT_EQ(got.sizes(), wanted.sizes()) << what;
    const double scale = std::max(1.0, wanted.abs().max().item<double>());
    EXPECT_LE((got.to(at::kDouble) - wanted.to(at::kDouble)).abs().max().item<double>(), bound * scale) << what;
}

inline at::Tensor plain_tail(const Tensors& in, const BiasAct& how) {
    at::Tensor y = in[0];
    if (in[1].defined())
        y = y * in[1].reshape({y.size(0), -1, 1, 1});
    if (in[2].defined())
        y = y + in[2];
    if (in[3].defined())
        y = y + in[3].reshape({1, -1, 1, 1});
    y = how.act == Activation::lrelu ? at::leaky_relu(y, how.alpha.value_or(0.2)) : y;
    y = y * how.gain.value_or(ops::default_gain(how.act));
    return how.clamp ? y.clamp(-*how.clamp, *how.clamp) : y;
}

// Nothing near the kinks, where rounding decides.
inline at::Tensor off_kinks(const at::Tensor& t) {
    return t + at::sign(t) * 0.05;
}

// With every part there or not, against double precision.
inline void check_tails(const std::function<at::Tensor(const Tensors&, const BiasAct&)>& way) {
    const std::vector<std::vector<std::int64_t>> shapes{
        {1, 2, 1, 1}, {2, 5, 3, 7}, {3, 16, 4, 4}, {2, 37, 9, 11}, {2, 128, 16, 17}};
    const std::vector<BiasAct> hows{{Activation::linear, {}, {}, {}},
                                    {Activation::lrelu, {}, {}, {}},
                                    {Activation::lrelu, 0.3, 1.7, 2.5},
                                    {Activation::linear, {}, 0.5, 1.1}};
    for (const auto& shape : shapes) {
        for (std::size_t which = 0; which < 8; ++which) {
            for (std::size_t h = 0; h < hows.size(); ++h) {
                at::manual_seed(3);
                const std::int64_t n = shape[0], c = shape[1];
                const Tensors data{off_kinks(at::randn(shape, at::kDouble)),
                                   (which & 1U) != 0 ? at::rand({n, c}, at::kDouble) + 0.5 : at::Tensor(),
                                   (which & 2U) != 0 ? at::randn({n, 1, shape[2], shape[3]}, at::kDouble)
                                                     : at::Tensor(),
                                   (which & 4U) != 0 ? at::randn({c}, at::kDouble) : at::Tensor()};
                const BiasAct& how = hows[h];
                // A sum that happens to lie at a kink would be another line here than there.
                const at::Tensor sum = plain_tail(data, {Activation::linear, {}, 1.0, {}});
                const double edge = how.clamp.value_or(1e9) / how.gain.value_or(ops::default_gain(how.act));
                if (at::minimum(sum.abs().min(), (sum.abs() - edge).abs().min()).item<double>() < 1e-6)
                    continue;
                const Op ours = [&](const Tensors& in) { return way(in, how); };
                const Op plain = [&](const Tensors& in) { return plain_tail(in, how); };
                const Derivatives wanted = derive(plain, data, at::kDouble);
                const Derivatives got = derive(ours, data, at::kFloat);
                const std::string what =
                    "channels " + std::to_string(c) + " with " + std::to_string(which) + " how " + std::to_string(h);
                expect_near(got.y, wanted.y, 1e-6, what + " y");
                for (std::size_t i = 0; i < got.first.size(); ++i)
                    expect_near(got.first[i], wanted.first[i], 3e-6, what + " gradient " + std::to_string(i));
                for (std::size_t i = 0; i < got.second.size(); ++i)
                    expect_near(got.second[i], wanted.second[i], 3e-6, what + " second gradient " + std::to_string(i));
            }
        }
    }
}

} // namespace atelier::testing
