// SPDX-License-Identifier: Apache-2.0
// The emulated bias_act kernels against the reference numbers, first and second gradients included.
#include <torch/csrc/autograd/autograd.h>

#include "kernel_bias_act.h"
#include "reference/golden.h"

namespace {

using namespace atelier;
using namespace atelier::test;
using nlohmann::json;

std::string current_case;

std::optional<double> number(const json& args, const char* name) {
    return args.contains(name) ? std::optional<double>(args[name].get<double>()) : std::nullopt;
}

at::Tensor leaf(const at::Tensor& t) {
    return t.clone().requires_grad_(true);
}

at::Tensor or_zero(const at::Tensor& gradient, const at::Tensor& like) {
    return gradient.defined() ? gradient : at::zeros_like(like);
}

TEST(KernelReference, BiasAct) {
    if (!have_reference("ops")) {
        GTEST_SKIP() << "no reference numbers";
    }
    const auto folder = reference_dir() / "ops";
    const Golden golden(folder / "bias_act.safetensors");
    std::size_t count = 0;
    for (const json& entry : read_json(folder / "bias_act.json")) {
        current_case = entry["name"];
        const json& args = entry["args"];
        const std::string p = current_case + "/";
        const ops::BiasAct how{ops::activation_from_name(entry["act"]), number(args, "alpha"), number(args, "gain"),
                               number(args, "clamp")};
        const at::Tensor x = leaf(golden.at(p + "x")), gy = leaf(golden.at(p + "gy"));
        const at::Tensor b = entry["has_bias"].get<bool>() ? leaf(golden.at(p + "b")) : at::Tensor();
        const at::Tensor y = emulated_bias_act(x, b, how, entry["dim"].get<int>());
        EXPECT_CLOSE(y, golden.at(p + "y"), 1e-5);
        std::vector<at::Tensor> inputs{x}, wanted{gy, x};
        if (b.defined()) {
            inputs.push_back(b);
            wanted.push_back(b);
        }
        const auto first = torch::autograd::grad({y}, inputs, {gy}, true, true);
        EXPECT_CLOSE(first[0], golden.at(p + "gx"), 1e-5);
        at::Tensor probe = (first[0] * golden.at(p + "vx")).sum();
        if (b.defined()) {
            EXPECT_CLOSE(first[1], golden.at(p + "gb"), 1e-5);
            probe = probe + (first[1] * golden.at(p + "vb")).sum();
        }
        const auto second = torch::autograd::grad({probe}, wanted, {}, false, false, true);
        EXPECT_CLOSE(or_zero(second[0], gy), golden.at(p + "gg_gy"), 1e-5);
        EXPECT_CLOSE(or_zero(second[1], x), golden.at(p + "gg_x"), 1e-5);
        if (b.defined()) {
            EXPECT_CLOSE(or_zero(second[2], b), golden.at(p + "gg_b"), 1e-5);
        }
        ++count;
    }
    report_cases("ops/bias_act by emulated kernels", count);
}

} // namespace
