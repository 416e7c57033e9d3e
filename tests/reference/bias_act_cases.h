// SPDX-License-Identifier: Apache-2.0
// The bias_act cases of the reference tree with first and second gradients, for every way of computing them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <torch/csrc/autograd/autograd.h>

#include "ops/bias_act.h"
#include "reference/golden.h"

namespace atelier::test {

using BiasActWay =
    std::function<at::Tensor(const at::Tensor& x, const at::Tensor& b, const ops::BiasAct& how, std::int64_t dim)>;

namespace detail {

inline ops::BiasAct bias_act_options(const nlohmann::json& entry) {
    const auto number = [&](const char* name) {
        const nlohmann::json& args = entry["args"];
        return args.contains(name) && args[name].is_number() ? std::optional<double>(args[name].get<double>())
                                                             : std::nullopt;
    };
    return {ops::activation_from_name(entry["act"]), number("alpha"), number("gain"), number("clamp")};
}

inline void check_bias_act_case(const nlohmann::json& entry, const Golden& golden, const BiasActWay& way,
                                at::MemoryFormat format) {
    const std::string current_case = entry["name"];
    const auto stored = [&](const char* name) { return golden.at(current_case + "/" + name); };
    const auto leaf = [&](const char* name) {
        const at::Tensor t = stored(name);
        return t.clone(t.dim() == 4 ? format : at::MemoryFormat::Contiguous).requires_grad_(true);
    };
    const at::Tensor x = leaf("x"), gy = leaf("gy");
    const at::Tensor b = entry["has_bias"].get<bool>() ? leaf("b") : at::Tensor();
    const at::Tensor y = way(x, b, bias_act_options(entry), entry["dim"].get<int>());
    EXPECT_CLOSE(y, stored("y"), 1e-5);
    std::vector<at::Tensor> inputs{x}, wanted{gy, x};
    if (b.defined()) {
        inputs.push_back(b);
        wanted.push_back(b);
    }
    const auto first = torch::autograd::grad({y}, inputs, {gy}, true, true, true);
    EXPECT_CLOSE(first[0], stored("gx"), 1e-5);
    at::Tensor probe = (first[0] * stored("vx")).sum();
    if (b.defined()) {
        EXPECT_CLOSE(first[1], stored("gb"), 1e-5);
        probe = probe + (first[1] * stored("vb")).sum();
    }
    // Where the activation is piecewise linear, x is not part of the gradient: undefined, and golden zero.
    const auto second = torch::autograd::grad({probe}, wanted, {}, true, false, true);
    const char* names[] = {"gg_gy", "gg_x", "gg_b"};
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const at::Tensor gradient = second[i].defined() ? second[i] : at::zeros_like(wanted[i]);
        EXPECT_CLOSE(gradient, stored(names[i]), 1e-5) << " (" << names[i] << ")";
    }
}

} // namespace detail

// Skips the test without the reference tree; `kind` is what the count is reported as.
inline void check_bias_act_cases(const std::string& kind, const BiasActWay& way,
                                 at::MemoryFormat format = at::MemoryFormat::Contiguous) {
    if (!have_reference("ops")) {
        GTEST_SKIP() << "no reference numbers";
    }
    const auto folder = reference_dir() / "ops";
    const Golden golden(folder / "bias_act.safetensors");
    std::size_t count = 0;
    for (const nlohmann::json& entry : read_json(folder / "bias_act.json")) {
        detail::check_bias_act_case(entry, golden, way, format);
        ++count;
    }
    report_cases(kind, count);
}

} // namespace atelier::test
