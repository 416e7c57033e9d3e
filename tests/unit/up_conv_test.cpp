// SPDX-License-Identifier: Apache-2.0
// The forms of the up-convolution against torch's own in float64, and the tail that reads what each of them leaves.
#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include "engine/up_conv.h"
#include "ops/cpu_features.h"

namespace {

using namespace atelier;
using Form = UpConv::Form;

struct Case {
    std::int64_t in, out, height, width;
};

class UpConvForms : public testing::TestWithParam<Form> {
protected:
    UpConvForms() { at::manual_seed(3); }
    c10::InferenceMode inference_;
};

// The picture that the phases are parts of: [2H+1,2W+1,O].
at::Tensor whole(const ops::Phases<float>& from, const Case& s) {
    at::Tensor all = at::full({2 * s.height + 1, 2 * s.width + 1, s.out}, NAN);
    for (std::int64_t y = 0; y < all.size(0); ++y) {
        for (std::int64_t x = 0; x < all.size(1); ++x) {
            const auto phase = static_cast<std::size_t>(2 * (y % 2) + x % 2);
            const float* pixel = from.first[phase] + y / 2 * from.row[phase] + x / 2 * from.step;
            std::copy_n(pixel, s.out, all[y][x].data_ptr<float>());
        }
    }
    return all;
}

TEST_P(UpConvForms, EqualsTheTransposedConvolution) {
    for (const Case& s : {Case{16, 16, 4, 4}, Case{5, 3, 7, 2}, Case{33, 20, 1, 9}, Case{64, 32, 16, 8}}) {
        const at::Tensor weight = at::randn({s.out, s.in, 3, 3});
        const at::Tensor x = at::randn({1, s.in, s.height, s.width}).contiguous(at::MemoryFormat::ChannelsLast);
        const UpConv conv(weight, {at::kFloat, s.height, s.width}, GetParam());
        const UpConv::Output out = conv.forward(x);
        const at::Tensor expected =
            at::conv_transpose2d(x.to(at::kDouble), weight.transpose(0, 1).to(at::kDouble), {}, {2, 2})[0].permute(
                {1, 2, 0});
        const at::Tensor got = whole(out.phases<float>(), s);
        EXPECT_LE((got - expected).abs().max().item<double>() / expected.abs().max().item<double>(), 2e-6)
            << s.in << " to " << s.out << " channels, " << s.height << "x" << s.width;
    }
}

// Filter, noise, bias and activation read each form alike, in spans as wide as the picture and narrower.
TEST_P(UpConvForms, LeavesTheTailTheSamePicture) {
    for (const Case& s : {Case{8, 3, 5, 6}, Case{16, 512, 3, 40}, Case{24, 20, 1, 1}}) {
        const at::Tensor weight = at::randn({s.out, s.in, 3, 3});
        const at::Tensor x = at::randn({1, s.in, s.height, s.width}).contiguous(at::MemoryFormat::ChannelsLast);
        const std::int64_t height = 2 * s.height, width = 2 * s.width;
        const at::Tensor demodulation = at::rand({s.out}) + 0.5, bias = at::randn({s.out});
        const at::Tensor noise = at::randn({height, width});
        const std::vector<float> taps{0.25F, 0.75F, 0.5F, 0.125F};
        const auto tail_over = [&](Form form) {
            const UpConv conv(weight, {at::kFloat, s.height, s.width}, form);
            const UpConv::Output out = conv.forward(x);
            at::Tensor picture = at::full({height, width, s.out}, NAN);
            const at::Tensor ones = at::ones({s.out});
            ops::LayerTail tail;
            tail.demodulation = demodulation.const_data_ptr<float>();
            tail.bias = bias.const_data_ptr<float>();
            tail.noise = noise.const_data_ptr<float>();
            tail.noise_strength = 0.5F;
            tail.next = ones.const_data_ptr<float>();
            std::vector<float> scratch(ops::up_tail_scratch(static_cast<int>(width), static_cast<int>(s.out)));
            ops::up_tail(out.phases<float>(), {picture.data_ptr<float>(), width * s.out}, static_cast<int>(width),
                         static_cast<int>(height), static_cast<int>(s.out), taps.data(), tail, 0,
                         static_cast<int>(height), scratch.data());
            return picture;
        };
        // The filter as a convolution of the padded picture, in float64.
        const at::Tensor up =
            at::conv_transpose2d(x.to(at::kDouble), weight.transpose(0, 1).to(at::kDouble), {}, {2, 2});
        const at::Tensor row = at::tensor(taps, at::kDouble), padded = at::constant_pad_nd(up, {1, 1, 1, 1});
        const at::Tensor filter = at::outer(row, row).expand({s.out, 1, 4, 4});
        const at::Tensor filtered =
            at::conv2d(padded, filter, {}, 1, at::IntArrayRef{0, 0}, 1, s.out)[0].permute({1, 2, 0});
        const at::Tensor expected = at::leaky_relu(filtered * demodulation + bias + 0.5 * noise.unsqueeze(2), 0.2);
        EXPECT_LE((tail_over(GetParam()) - expected).abs().max().item<double>(),
                  3e-6 * expected.abs().max().item<double>());
    }
}

INSTANTIATE_TEST_SUITE_P(Forms, UpConvForms, testing::Values(Form::transposed, Form::fourfold, Form::sub_pixel));

TEST(UpConv, TheFormIsChosenBySizesAndProcessorAlone) {
    EXPECT_EQ(UpConv::quickest(512, {at::kFloat, 64, 64}), Form::transposed);
    const bool amx = ops::cpu_has_amx();
    EXPECT_EQ(UpConv::quickest(128, {at::kBFloat16, 16, 16}), amx ? Form::fourfold : Form::transposed);
    EXPECT_EQ(UpConv::quickest(512, {at::kBFloat16, 64, 64}), amx ? Form::sub_pixel : Form::transposed);
}

} // namespace
