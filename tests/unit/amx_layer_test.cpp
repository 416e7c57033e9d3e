// SPDX-License-Identifier: Apache-2.0
// Convolutions by matrix tiles against torch's in float64 on the same bfloat16 numbers. Where the processor has no
// tiles the same sums are made one by one.
#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include "engine/activations.h"
#include "engine/amx_layer.h"
#include "engine/fast_synthesis.h"
#include "engine/prepared_synthesis.h"
#include "model/synthesis.h"

namespace {

using namespace atelier;
using Bits = std::uint16_t;

struct Case {
    int in, out, height, width;
};
// Pictures of less than a strip and of several groups of rows, of one row and of one column; few and many channels.
const Case cases[] = {{32, 64, 4, 4},   {64, 32, 7, 2},    {32, 32, 1, 9},    {96, 32, 40, 1},
                      {64, 64, 33, 70}, {128, 96, 24, 24}, {512, 512, 24, 64}};

struct Input {
    at::Tensor x, weight; // [1,I,H,W] and [O,I,3,3], float64 of bfloat16 numbers
    Activations bordered;
};

Input input_of(const Case& s) {
    Input made;
    const at::Tensor x = at::randn({s.height, s.width, s.in}).to(at::kBFloat16);
    const at::Tensor weight = at::randn({s.out, s.in, 3, 3}).to(at::kBFloat16);
    made.x = x.permute({2, 0, 1}).unsqueeze(0).to(at::kDouble);
    made.weight = weight.to(at::kDouble);
    made.bordered = bordered_activations<Bits>(at::kBFloat16, s.in, s.height, s.width);
    const auto* from = static_cast<const Bits*>(x.const_data_ptr());
    for (int y = 0; y < s.height; ++y) {
        std::copy_n(from + std::ptrdiff_t{y} * s.width * s.in, s.width * s.in, made.bordered.rows<Bits>(y).first);
    }
    return made;
}

const Bits* start(const Input& input) {
    return static_cast<const Bits*>(input.bordered.memory.const_data_ptr());
}

double error(const at::Tensor& a, const at::Tensor& b) {
    return ((a - b).abs().max() / b.abs().max()).item<double>();
}

class AmxLayerTest : public testing::Test {
protected:
    AmxLayerTest() { at::manual_seed(5); }
    c10::InferenceMode inference_;
};

TEST_F(AmxLayerTest, EqualsTheConvolution) {
    for (const Case& s : cases) {
        const Input input = input_of(s);
        const AmxLayer layer(input.weight.to(at::kFloat), false, s.height, s.width);
        const at::Tensor y = at::full({s.height, s.width, s.out}, NAN);
        std::vector<int> made(static_cast<std::size_t>(s.height), 0);
        layer.run(start(input), [&](ops::Rows<const float> rows, int first, int last) {
            for (int row = first; row < last; ++row) {
                ++made[static_cast<std::size_t>(row)];
                std::copy_n(rows.first + (row - first) * rows.pitch, s.width * s.out, y[row].data_ptr<float>());
            }
        });
        EXPECT_EQ(made, std::vector<int>(made.size(), 1)) << "every row once";
        const at::Tensor expected = at::conv2d(input.x, input.weight, {}, 1, 1)[0].permute({1, 2, 0});
        EXPECT_LE(error(y, expected), 1e-5) << s.in << " to " << s.out << ", " << s.height << "x" << s.width;
    }
}

TEST_F(AmxLayerTest, EqualsTheUpConvolution) {
    for (const Case& s : cases) {
        const Input input = input_of(s);
        const AmxLayer layer(input.weight.to(at::kFloat), true, s.height, s.width);
        const at::Tensor memory = at::empty({layer.phases_size()}, at::kBFloat16);
        const ops::Phases<Bits> phases = layer.run_up(start(input), static_cast<Bits*>(memory.data_ptr()));
        const at::Tensor expected =
            at::conv_transpose2d(input.x, input.weight.transpose(0, 1), {}, {2, 2})[0].permute({1, 2, 0});
        const at::Tensor y = at::full(expected.sizes(), NAN, at::kBFloat16);
        for (std::int64_t row = 0; row < y.size(0); ++row) {
            for (std::int64_t column = 0; column < y.size(1); ++column) {
                const auto phase = static_cast<std::size_t>(2 * (row % 2) + column % 2);
                const Bits* pixel = phases.first[phase] + row / 2 * phases.row[phase] + column / 2 * phases.step;
                std::copy_n(pixel, s.out, static_cast<Bits*>(y[row][column].data_ptr()));
            }
        }
        EXPECT_LE(error(y.to(at::kDouble), expected), 4e-3) << s.in << " to " << s.out << ", " << s.height << "x"
                                                            << s.width << ": half a unit in the last place of bfloat16";
    }
}

// What lies behind a picture is read and must not be seen.
TEST_F(AmxLayerTest, TheSlackMeansNothing) {
    const Case s{32, 32, 5, 3};
    const Input input = input_of(s);
    const AmxLayer layer(input.weight.to(at::kFloat), false, s.height, s.width);
    std::vector<at::Tensor> results;
    for (const float behind : {0.0F, static_cast<float>(NAN)}) {
        at::Tensor memory = input.bordered.memory;
        memory.slice(0, memory.numel() - std::int64_t{ops::amx_slack} * s.in).fill_(behind);
        const at::Tensor y = at::empty({s.height, s.width, s.out}, at::kFloat);
        layer.run(start(input), [&](ops::Rows<const float> rows, int first, int last) {
            for (int row = first; row < last; ++row)
                std::copy_n(rows.first + (row - first) * rows.pitch, s.width * s.out, y[row].data_ptr<float>());
        });
        results.push_back(y);
    }
    EXPECT_TRUE(at::equal(results[0], results[1]));
}

TEST_F(AmxLayerTest, ANetworkByTilesMakesThePicture) {
    for (const model::FirstBlock first : {model::FirstBlock{}, model::FirstBlock{4, 6}}) {
        model::GeneratorConfig config;
        config.mapping.z_dim = config.mapping.w_dim = config.synthesis.w_dim = 40;
        config.synthesis.img_resolution = 64;
        config.synthesis.first_block = first;
        config.synthesis.channels = {2048, 96, {}};
        const model::Generator g(
            config, [](const std::string& name, at::IntArrayRef shape, bool buffer, const model::Init& init) {
                model::Parameter p = model::random_source()(name, shape, buffer, init);
                if (name.ends_with("bias") || name.ends_with("noise_strength"))
                    p.value = p.value + 0.3 * at::randn(shape, at::kFloat);
                return p;
            });
        const auto prepared =
            std::make_shared<const PreparedSynthesis>(g, at::kBFloat16, PreparedSynthesis::Amx::wherever_it_fits);
        ASSERT_TRUE(prepared->by_amx);
        FastSynthesis fast(prepared);
        const at::Tensor ws = at::randn({1, g.config.mapping.num_ws, 40});
        model::SynthesisOptions options;
        options.force_fp32 = true;
        const at::Tensor expected = g.synthesis.forward(ws, options);
        EXPECT_LE(error(fast.forward(ws, {}), expected), 3e-2);
        EXPECT_LE(error(fast.forward(ws + 0.01, {}, 32), fast.forward(ws, {}, 32)), 0.5) << "a preview";
        // Only what changes is made again, from what was kept.
        at::Tensor other = ws.clone();
        other.slice(1, 8).add_(0.5);
        fast.forward(ws, {});
        const at::Tensor partly = fast.forward(other, {}).clone();
        EXPECT_LT(fast.blocks_computed(), 5);
        EXPECT_TRUE(at::equal(partly, FastSynthesis(prepared).forward(other, {})));
    }
}

TEST_F(AmxLayerTest, OtherChannelsGoAnotherWay) {
    model::GeneratorConfig config;
    config.synthesis.img_resolution = 16;
    config.synthesis.channels = {700, 37, {}};
    EXPECT_FALSE(PreparedSynthesis(model::Generator(config, model::random_source()), at::kBFloat16,
                                   PreparedSynthesis::Amx::wherever_it_fits)
                     .by_amx);
}

} // namespace
