// SPDX-License-Identifier: Apache-2.0
// Single layers: normalisation, fully connected, minibatch standard deviation, convolution layer.
#include <torch/csrc/autograd/autograd.h>

#include "model/layers.h"
#include "ops/upfirdn2d.h"
#include "reference/golden.h"

namespace {

using namespace atelier;
using namespace atelier::test;
using nlohmann::json;

std::string current_case;

// Hands out the golden file's tensors as a layer's parameters.
model::TensorSource golden_source(const Golden& golden, const std::string& prefix) {
    return [&golden, prefix](const std::string& name, at::IntArrayRef shape, bool buffer, const model::Init& init) {
        if (init.kind == model::Init::Kind::values) {
            return model::Parameter{name, init.values.to(at::kFloat), buffer};
        }
        const at::Tensor value = golden.at(prefix + name);
        EXPECT_EQ(value.sizes(), shape) << prefix << name;
        return model::Parameter{name, value, buffer};
    };
}

void check_fc(const Golden& golden, const json& entry, const std::string& p) {
    const at::Tensor w = golden.at(p + "weight");
    model::Parameters parameters;
    const model::TensorSource source = golden_source(golden, p);
    const model::FullyConnected layer({source, parameters}, static_cast<int>(w.size(1)), static_cast<int>(w.size(0)),
                                      {ops::activation_from_name(entry["activation"]),
                                       entry["lr_multiplier"].get<double>(), 0, entry["bias"].get<bool>()});
    EXPECT_CLOSE(layer.forward(golden.at(p + "x")), golden.at(p + "y"), 1e-5);
}

void check_mbstd(const Golden& golden, const json& entry, const std::string& p) {
    const at::Tensor x = golden.at(p + "x").clone().requires_grad_(true);
    const at::Tensor gy = golden.at(p + "gy").clone().requires_grad_(true);
    const std::optional<int> group =
        entry["group_size"].is_null() ? std::nullopt : std::optional<int>(entry["group_size"].get<int>());
    const at::Tensor y = model::minibatch_std(x, group, entry["num_channels"].get<int>());
    EXPECT_CLOSE(y, golden.at(p + "y"), 1e-5);
    const at::Tensor gx = torch::autograd::grad({y}, {x}, {gy}, true, true)[0];
    EXPECT_CLOSE(gx, golden.at(p + "gx"), 1e-5);
    const at::Tensor ggx = torch::autograd::grad({gx}, {x}, {golden.at(p + "v")})[0];
    // Of the larger one of both derivatives: with groups of two the deviation is |a-b|/2, whose second derivative is
    // nothing but what rounding leaves of it.
    const at::Tensor b = golden.at(p + "gg_x");
    ASSERT_EQ(ggx.sizes(), b.sizes()) << current_case;
    const double scale = std::max(b.abs().max().item<double>(), golden.at(p + "gx").abs().max().item<double>());
    EXPECT_LE((ggx - b).abs().max().item<double>(), 1e-5 * scale) << current_case;
}

void check_conv(const Golden& golden, const json& entry, const std::string& p) {
    const at::Tensor w = golden.at(p + "weight");
    const auto taps = entry["resample_filter"].get<std::vector<double>>();
    const at::Tensor filter = ops::setup_filter(at::tensor(at::ArrayRef<double>(taps), at::kDouble).to(at::kFloat));
    model::ConvLayer::Options options{entry["kernel_size"].get<int>(),
                                      golden.has(p + "bias"),
                                      ops::activation_from_name(entry["activation"]),
                                      entry["up"].get<int>(),
                                      entry["down"].get<int>(),
                                      {},
                                      true};
    if (entry["conv_clamp"].is_number()) {
        options.clamp = entry["conv_clamp"].get<double>();
    }
    model::Parameters parameters;
    const model::TensorSource source = golden_source(golden, p);
    const model::ConvLayer layer({source, parameters}, static_cast<int>(w.size(1)), static_cast<int>(w.size(0)), filter,
                                 options);
    EXPECT_CLOSE(layer.forward(golden.at(p + "x"), entry["gain"].get<double>()), golden.at(p + "y"), 1e-5);
}

TEST(Layers, AllCases) {
    if (!have_reference("ops")) {
        GTEST_SKIP();
    }
    const auto folder = reference_dir() / "ops";
    const Golden golden(folder / "layers.safetensors");
    std::size_t count = 0;
    for (const json& entry : read_json(folder / "layers.json")) {
        current_case = entry["name"];
        const std::string p = current_case + "/";
        if (current_case.starts_with("fc_")) {
            check_fc(golden, entry, p);
        } else if (current_case.starts_with("mbstd_")) {
            check_mbstd(golden, entry, p);
        } else if (current_case.starts_with("conv2dlayer_")) {
            check_conv(golden, entry, p);
        } else {
            FAIL() << "unknown kind of layer: " << current_case;
        }
        ++count;
    }
    report_cases("ops/layers", count);
}

TEST(Layers, NormalizeSecondMoment) {
    if (!have_reference("ops")) {
        GTEST_SKIP();
    }
    const Golden golden(reference_dir() / "ops" / "layers.safetensors");
    std::size_t count = 0;
    for (const auto& [name, value] : golden.file.tensors) {
        if (name.starts_with("normalize") && name.ends_with("/y")) {
            current_case = name;
            const std::string p = name.substr(0, name.size() - 1);
            EXPECT_CLOSE(model::normalize_2nd_moment(golden.at(p + "x")), value, 1e-5);
            ++count;
        }
    }
    report_cases("ops/normalize_2nd_moment", count);
}

} // namespace
