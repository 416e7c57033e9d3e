// SPDX-License-Identifier: Apache-2.0
// Resampling, activation and convolution with their first and second gradients.
#include <torch/csrc/autograd/autograd.h>

#include "ops/conv.h"
#include "ops/modulated_conv.h"
#include "ops/upfirdn2d.h"
#include "reference/bias_act_cases.h"
#include "reference/golden.h"

namespace {

using namespace atelier;
using namespace atelier::test;
using nlohmann::json;

std::string current_case;

ops::XY xy(const json& args, const char* name, int fallback) {
    if (!args.contains(name)) {
        return {fallback, fallback};
    }
    const json& v = args[name];
    return v.is_array() ? ops::XY{v[0].get<int>(), v[1].get<int>()} : ops::XY{v.get<int>(), v.get<int>()};
}

// One number for all sides, [x, y], or [x0, x1, y0, y1].
ops::Padding padding(const json& args) {
    if (!args.contains("padding")) {
        return {0, 0, 0, 0};
    }
    const json& v = args["padding"];
    if (!v.is_array()) {
        const int p = v.get<int>();
        return {p, p, p, p};
    }
    if (v.size() == 2) {
        return {v[0].get<int>(), v[0].get<int>(), v[1].get<int>(), v[1].get<int>()};
    }
    return {v[0].get<int>(), v[1].get<int>(), v[2].get<int>(), v[3].get<int>()};
}

// Pictures lie as planes or channels last: on the CPU each has passes of its own.
class OpsInFormat : public ::testing::TestWithParam<at::MemoryFormat> {
protected:
    static at::Tensor leaf(const at::Tensor& t) {
        return t.clone(t.dim() == 4 ? GetParam() : at::MemoryFormat::Contiguous).requires_grad_(true);
    }
};
INSTANTIATE_TEST_SUITE_P(, OpsInFormat, ::testing::Values(at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast),
                         [](const auto& info) {
                             return info.param == at::MemoryFormat::ChannelsLast ? "ChannelsLast" : "Planes";
                         });

// Gradients of one scalar; allow_unused gives undefined tensors.
std::vector<at::Tensor> gradients(const at::Tensor& y, const std::vector<at::Tensor>& inputs, const at::Tensor& gy,
                                  bool create_graph) {
    return torch::autograd::grad({y}, inputs, {gy}, true, create_graph, true);
}

TEST(Ops, SetupFilter) {
    if (!have_reference("ops")) {
        GTEST_SKIP();
    }
    const auto folder = reference_dir() / "ops";
    const Golden golden(folder / "setup_filter.safetensors");
    std::size_t count = 0;
    for (const json& entry : read_json(folder / "setup_filter.json")) {
        current_case = entry["name"];
        const json& args = entry["args"];
        std::vector<double> taps;
        std::vector<std::int64_t> shape{static_cast<std::int64_t>(args["f"].size())};
        if (args["f"][0].is_array()) {
            shape.push_back(static_cast<std::int64_t>(args["f"][0].size()));
            for (const json& row : args["f"]) {
                for (const json& v : row) {
                    taps.push_back(v.get<double>());
                }
            }
        } else {
            taps = args["f"].get<std::vector<double>>();
        }
        ops::FilterOptions options;
        options.normalize = args.value("normalize", true);
        options.flip = args.value("flip_filter", false);
        options.gain = args.value("gain", 1.0);
        if (args.contains("separable") && args["separable"].is_boolean()) {
            options.separable =
                args["separable"].get<bool>() ? ops::FilterOptions::Separable::yes : ops::FilterOptions::Separable::no;
        }
        const at::Tensor f = ops::setup_filter(
            at::tensor(at::ArrayRef<double>(taps), at::kDouble).to(at::kFloat).reshape(shape), options);
        EXPECT_CLOSE(f, golden.at(current_case), 1e-6);
        ++count;
    }
    report_cases("ops/setup_filter", count);
}

TEST_P(OpsInFormat, Upfirdn2d) {
    if (!have_reference("ops")) {
        GTEST_SKIP();
    }
    const auto folder = reference_dir() / "ops";
    const Golden golden(folder / "upfirdn2d.safetensors");
    std::size_t count = 0;
    for (const json& entry : read_json(folder / "upfirdn2d.json")) {
        current_case = entry["name"];
        const json& args = entry["args"];
        const std::string fn = entry["fn"];
        const std::string p = current_case + "/";
        ops::Resample how;
        how.padding = padding(args);
        how.flip_filter = args.value("flip_filter", false);
        how.gain = args.value("gain", 1.0);
        how.up = xy(args, "up", fn == "upsample2d" ? 2 : 1);
        how.down = xy(args, "down", fn == "downsample2d" ? 2 : 1);
        const at::Tensor f = golden.has(p + "f") ? golden.at(p + "f") : at::Tensor();
        const at::Tensor x = leaf(golden.at(p + "x"));
        const at::Tensor gy = leaf(golden.at(p + "gy"));
        const at::Tensor y = fn == "upfirdn2d"      ? ops::upfirdn2d(x, f, how)
                             : fn == "filter2d"     ? ops::filter2d(x, f, how)
                             : fn == "upsample2d"   ? ops::upsample2d(x, f, how)
                             : fn == "downsample2d" ? ops::downsample2d(x, f, how)
                                                    : at::Tensor();
        ASSERT_TRUE(y.defined()) << "unknown function " << fn;
        EXPECT_CLOSE(y, golden.at(p + "y"), 1e-5);
        const at::Tensor gx = gradients(y, {x}, gy, true)[0];
        EXPECT_CLOSE(gx, golden.at(p + "gx"), 1e-5);
        const at::Tensor ggy = gradients(gx, {gy}, golden.at(p + "v"), false)[0];
        EXPECT_CLOSE(ggy, golden.at(p + "ggy"), 1e-5);
        ++count;
    }
    report_cases("ops/upfirdn2d", count);
}

TEST_P(OpsInFormat, BiasAct) {
    check_bias_act_cases("ops/bias_act", ops::bias_act, GetParam());
}

TEST_P(OpsInFormat, Conv2dResample) {
    if (!have_reference("ops")) {
        GTEST_SKIP();
    }
    const auto folder = reference_dir() / "ops";
    const Golden golden(folder / "conv2d_resample.safetensors");
    std::size_t count = 0;
    for (const json& entry : read_json(folder / "conv2d_resample.json")) {
        current_case = entry["name"];
        const json& args = entry["args"];
        const std::string p = current_case + "/";
        ops::ConvResample how;
        how.up = args.value("up", 1);
        how.down = args.value("down", 1);
        how.padding = padding(args);
        how.groups = args.value("groups", 1);
        how.flip_weight = args.value("flip_weight", true);
        how.flip_filter = args.value("flip_filter", false);
        const at::Tensor f = golden.has(p + "f") ? golden.at(p + "f") : at::Tensor();
        const at::Tensor x = leaf(golden.at(p + "x")), w = leaf(golden.at(p + "w")), gy = leaf(golden.at(p + "gy"));
        const at::Tensor y = ops::conv2d_resample(x, w, f, how);
        EXPECT_CLOSE(y, golden.at(p + "y"), 1e-5);
        const auto first = gradients(y, {x, w}, gy, true);
        EXPECT_CLOSE(first[0], golden.at(p + "gx"), 1e-5);
        EXPECT_CLOSE(first[1], golden.at(p + "gw"), 1e-5);
        const auto second = gradients(first[0], {gy, w}, golden.at(p + "vx"), false);
        EXPECT_CLOSE(second[0], golden.at(p + "gg_gy"), 1e-5);
        EXPECT_CLOSE(second[1], golden.at(p + "gg_w"), 1e-5);
        ++count;
    }
    report_cases("ops/conv2d_resample", count);
}

TEST_P(OpsInFormat, ModulatedConv2d) {
    if (!have_reference("ops")) {
        GTEST_SKIP();
    }
    const auto folder = reference_dir() / "ops";
    const Golden golden(folder / "modulated_conv2d.safetensors");
    std::size_t count = 0, half = 0;
    for (const json& entry : read_json(folder / "modulated_conv2d.json")) {
        current_case = entry["name"];
        const json& args = entry["args"];
        const std::string p = current_case + "/";
        ops::ModulatedConv how{args.value("up", 1), args.value("padding", 0), args.value("demodulate", true),
                               args.value("flip_weight", true)};
        const at::Tensor f = golden.has(p + "f") ? golden.at(p + "f") : at::Tensor();
        const at::Tensor noise = golden.has(p + "noise") ? golden.at(p + "noise") : at::Tensor();
        if (entry.value("fp16", false)) {
            const at::Tensor y =
                ops::modulated_conv2d(golden.at(p + "x"), golden.at(p + "w"), golden.at(p + "s"), f, noise, how);
            EXPECT_EQ(y.scalar_type(), at::kHalf) << current_case;
            EXPECT_CLOSE(y, golden.at(p + "y"), 5e-3);
            ++half;
            continue;
        }
        const at::Tensor x = leaf(golden.at(p + "x")), w = leaf(golden.at(p + "w")), s = leaf(golden.at(p + "s")),
                         gy = leaf(golden.at(p + "gy"));
        const at::Tensor y = ops::modulated_conv2d(x, w, s, f, noise, how);
        EXPECT_CLOSE(y, golden.at(p + "y"), 1e-5);
        const auto first = gradients(y, {x, w, s}, gy, true);
        EXPECT_CLOSE(first[0], golden.at(p + "gx"), 1e-5);
        EXPECT_CLOSE(first[1], golden.at(p + "gw"), 1e-5);
        EXPECT_CLOSE(first[2], golden.at(p + "gs"), 1e-5);
        const at::Tensor probe = (first[0] * golden.at(p + "vx")).sum() + (first[2] * golden.at(p + "vs")).sum();
        const auto second = gradients(probe, {gy, x, w, s}, at::ones_like(probe), false);
        EXPECT_CLOSE(second[0], golden.at(p + "gg_gy"), 1e-5);
        EXPECT_CLOSE(second[1], golden.at(p + "gg_x"), 1e-5);
        EXPECT_CLOSE(second[2], golden.at(p + "gg_w"), 1e-5);
        EXPECT_CLOSE(second[3], golden.at(p + "gg_s"), 1e-5);
        ++count;
    }
    report_cases("ops/modulated_conv2d", count);
    report_cases("ops/modulated_conv2d half precision", half);
}

} // namespace
