// SPDX-License-Identifier: Apache-2.0
// The kernels on a real device against the CPU. Without a device every test skips, and the program exits with 77.
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "engine/device_synthesis.h"
#include "engine/pack.h"
#include "ops/bias_act.h"
#include "ops/device.h"
#include "ops/modulated_conv.h"
#include "ops/seeded_noise.h"
#include "ops/upfirdn2d.h"

namespace {

using namespace atelier;
using ops::Activation;
using ops::BiasAct;

class KernelsOnDevice : public testing::Test {
protected:
    void SetUp() override {
        std::string why;
        if (!have_cuda(&why)) {
            GTEST_SKIP() << why << " The kernels were not run.";
        }
        at::manual_seed(1);
    }
};

// y, gx, gb, gg_gy, gg_x, gg_b, moved to the CPU as float.
std::vector<at::Tensor> derive(const std::vector<at::Tensor>& data, const BiasAct& how, c10::Device device) {
    std::vector<at::Tensor> t;
    for (const at::Tensor& d : data) {
        t.push_back(d.to(device));
    }
    const at::Tensor x = t[0].requires_grad_(true), b = t[1].requires_grad_(true), gy = t[2].requires_grad_(true);
    const at::Tensor y = ops::bias_act(x, b, how, 1);
    const auto first = torch::autograd::grad({y}, {x, b}, {gy}, true, true);
    const at::Tensor probe = (first[0] * t[3]).sum() + (first[1] * t[4]).sum();
    const auto second = torch::autograd::grad({probe}, {gy, x, b}, {}, false, false, true);
    std::vector<at::Tensor> all{y, first[0], first[1]};
    for (std::size_t i = 0; i < 3; ++i) {
        all.push_back(second[i].defined() ? second[i] : at::zeros_like(i == 0 ? gy : i == 1 ? x : b));
    }
    for (at::Tensor& r : all) {
        r = r.detach().cpu().to(at::kFloat);
    }
    return all;
}

TEST_F(KernelsOnDevice, BiasActAgreesWithTheCpu) {
    const char* names[] = {"y", "gx", "gb", "gg_gy", "gg_x", "gg_b"};
    for (int act = 0; act <= static_cast<int>(Activation::swish); ++act) {
        for (const std::optional<double> clamp : {std::optional<double>(), std::optional<double>(0.9)}) {
            for (const auto& shape : std::vector<std::vector<std::int64_t>>{
                     {0, 3, 4, 4}, {1, 1, 1, 1}, {3, 5, 17, 19}, {4, 64, 128, 128}}) {
                for (const auto format : {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast}) {
                    const std::vector<at::Tensor> data{at::randn(shape).contiguous(format), at::randn({shape[1]}),
                                                       at::randn(shape), at::randn(shape), at::randn({shape[1]})};
                    const BiasAct how{static_cast<Activation>(act), {}, {}, clamp};
                    const auto got = derive(data, how, at::kCUDA), wanted = derive(data, how, at::kCPU);
                    for (std::size_t i = 0; i < got.size(); ++i) {
                        const double scale = wanted[i].numel() > 0 ? wanted[i].abs().max().item<double>() : 0;
                        // gb and gg_b sum up to 65536 values in another order.
                        EXPECT_TRUE(at::allclose(got[i], wanted[i], 1e-5, 1e-5 * std::max(1.0, scale), true))
                            << names[i] << " of " << ops::activation_name(how.act) << ", " << data[0].numel()
                            << " elements";
                    }
                }
            }
        }
    }
}

TEST_F(KernelsOnDevice, BiasActInHalfPrecision) {
    for (const auto type : {at::kHalf, at::kBFloat16}) {
        const double digit = type == at::kHalf ? 0x1p-10 : 0x1p-7;
        for (int act = 0; act <= static_cast<int>(Activation::swish); ++act) {
            const at::Tensor x = at::randn({2, 5, 33, 31}).to(type), b = at::randn({5}).to(type);
            const BiasAct how{static_cast<Activation>(act), {}, {}, 256.0};
            const at::Tensor got = ops::bias_act(x.cuda(), b.cuda(), how, 1);
            EXPECT_EQ(got.scalar_type(), type);
            EXPECT_TRUE(at::allclose(got.cpu().to(at::kFloat),
                                     ops::bias_act(x.to(at::kFloat), b.to(at::kFloat), how, 1), digit, digit))
                << ops::activation_name(how.act);
        }
    }
}

TEST_F(KernelsOnDevice, Upfirdn2dAgreesWithTheCpu) {
    const at::Tensor f = ops::setup_filter(at::tensor({1.0F, 3.0F, 3.0F, 1.0F})),
                     line = ops::setup_filter(at::rand({12}));
    const std::vector<ops::Resample> ways{{{1, 1}, {1, 1}, {1, 1, 1, 1}, false, 4},
                                          {{2, 2}, {1, 1}, {2, 1, 2, 1}, false, 4},
                                          {{1, 1}, {2, 2}, {1, 1, 1, 1}, false, 1},
                                          {{1, 1}, {1, 1}, {-2, 8, 8, -1}, true, 1}};
    for (const at::Tensor& filter : {f, line}) {
        for (const ops::Resample& how : ways) {
            for (const auto format : {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast}) {
                const at::Tensor data = at::randn({4, 32, 65, 63}).contiguous(format);
                const auto both = [&](const at::Tensor& picture) {
                    const at::Tensor x = picture.detach().requires_grad_(true);
                    const at::Tensor y = ops::upfirdn2d(x, filter.to(x.device()), how);
                    const at::Tensor gx = torch::autograd::grad({y.square().sum()}, {x})[0];
                    return std::vector<at::Tensor>{y.detach().cpu().to(at::kDouble), gx.cpu().to(at::kDouble)};
                };
                const auto wanted = both(data.to(at::kDouble)), got = both(data.cuda());
                for (std::size_t i = 0; i < 2; ++i)
                    EXPECT_LE((got[i] - wanted[i]).abs().max().item<double>(),
                              3e-6 * wanted[i].abs().max().item<double>());
                const auto half = both(data.to(at::kHalf).cuda());
                EXPECT_LE((half[0] - wanted[0]).abs().max().item<double>(),
                          3e-3 * wanted[0].abs().max().item<double>());
            }
        }
    }
}

// A whole modulated layer with its derivatives: the tail's kernels, the filter's and the convolution between.
TEST_F(KernelsOnDevice, ModulatedLayersAgreeWithTheCpu) {
    const at::Tensor f = ops::setup_filter(at::tensor({1.0F, 3.0F, 3.0F, 1.0F}));
    for (const int up : {1, 2}) {
        const std::vector<at::Tensor> data{at::randn({4, 32, 16, 16}), at::randn({24, 32, 3, 3}) * 0.1,
                                           at::rand({4, 32}) + 0.5, at::randn({4, 1, 16 * up, 16 * up}),
                                           at::randn({24})};
        const auto both = [&](c10::Device device, at::ScalarType type) {
            std::vector<at::Tensor> in;
            for (const at::Tensor& each : data)
                in.push_back(each.to(device, type).requires_grad_(true));
            const at::Tensor y = ops::modulated_layer(in[0], in[1], in[2], f.to(device, type), in[3], in[4],
                                                      {up, 1, true, up == 1}, {Activation::lrelu, {}, {}, 256.0});
            std::vector<at::Tensor> all = torch::autograd::grad({y.square().sum()}, in, {}, true, true);
            const at::Tensor twice = torch::autograd::grad({all[2].square().sum()}, {in[1]})[0];
            all.push_back(y);
            all.push_back(twice);
            for (at::Tensor& each : all)
                each = each.detach().cpu().to(at::kDouble);
            return all;
        };
        const auto wanted = both(at::kCPU, at::kDouble), got = both(at::kCUDA, at::kFloat);
        for (std::size_t i = 0; i < wanted.size(); ++i)
            EXPECT_LE((got[i] - wanted[i]).abs().max().item<double>(), 2e-5 * wanted[i].abs().max().item<double>())
                << "up " << up << ", number " << i;
    }
}

void expect_same_bytes(const at::Tensor& picture, const char* what) {
    PixelBuffer wanted, got;
    pack_rgba(picture.cpu(), wanted);
    pack_rgba(picture, got);
    EXPECT_EQ(got.width, wanted.width) << what;
    EXPECT_EQ(got.height, wanted.height) << what;
    EXPECT_TRUE(got.rgba == wanted.rgba) << what;
}

TEST_F(KernelsOnDevice, PackGivesTheBytesOfTheCpu) {
    const at::Tensor colour = (at::randn({2, 3, 1024, 1000}) * 0.7).cuda();
    expect_same_bytes(colour, "colour");
    expect_same_bytes(colour.contiguous(at::MemoryFormat::ChannelsLast), "channels last");
    expect_same_bytes(colour.slice(0, 1).slice(2, 3, 900, 2).transpose(2, 3), "strided");
    expect_same_bytes(colour.slice(1, 0, 1), "gray");
    expect_same_bytes(colour.to(at::kHalf), "half");
    expect_same_bytes(colour.to(at::kDouble), "double");
    const at::Tensor bits = at::arange(65536, at::kInt).to(at::kShort).reshape({1, 1, 256, 256}).cuda();
    expect_same_bytes(bits.view(at::kHalf), "all half values");
    expect_same_bytes(bits.view(at::kBFloat16), "all bfloat16 values");
    // All floats around the picture range, in steps of a few ulp: where a fused multiply-add would show.
    expect_same_bytes(at::linspace(-1.02, 1.02, 1 << 22).reshape({1, 1, 2048, 2048}).cuda(), "a ramp");
}

TEST_F(KernelsOnDevice, NoiseHasTheBitsOfTheCpu) {
    const at::Tensor seed = at::tensor({123}, at::kInt).cuda();
    for (const std::int64_t count : {1, 24, 1000003}) {
        at::Tensor wanted = at::empty({count}, at::kFloat);
        ops::seeded_noise(123, 5, wanted.mutable_data_ptr<float>(), count);
        EXPECT_TRUE(DeviceSynthesis::noise_of(seed, 5, count).cpu().equal(wanted)) << count;
    }
}

} // namespace
