// SPDX-License-Identifier: Apache-2.0
// What no golden covers: the smallest and largest networks, refusals, options out and back, slerp, classes.
#include <array>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "latent/latent_ops.h"
#include "model/config_json.h"
#include "model/discriminator.h"
#include "model/load.h"
#include "model/synthesis.h"

namespace {

using namespace atelier;
using nlohmann::json;

json generator_kwargs(int resolution, const char* architecture = "skip") {
    return {{"z_dim", 8},
            {"w_dim", 8},
            {"c_dim", 0},
            {"img_resolution", resolution},
            {"img_channels", 3},
            {"mapping_kwargs", {{"num_layers", 2}}},
            {"synthesis_kwargs",
             {{"channel_base", 64}, {"channel_max", 8}, {"architecture", architecture}, {"num_fp16_res", 4}}}};
}

json discriminator_kwargs(int resolution, const char* architecture) {
    return {{"c_dim", 0},       {"img_resolution", resolution}, {"img_channels", 3}, {"channel_base", 4096},
            {"channel_max", 8}, {"architecture", architecture}};
}

TEST(Model, EveryResolutionAndArchitecture) {
    const at::NoGradGuard no_grad;
    for (const char* architecture : {"orig", "skip", "resnet"}) {
        for (int resolution = 4; resolution <= 32; resolution *= 2) {
            const model::Generator g(
                model::generator_config_from_kwargs(generator_kwargs(resolution, architecture), "g"),
                model::random_source());
            model::SynthesisOptions options;
            options.force_fp32 = true;
            const at::Tensor ws = g.mapping.truncate(g.mapping.forward(at::randn({2, 8}), {}), 1, -1);
            const at::Tensor img = g.synthesis.forward(ws, options);
            ASSERT_EQ(img.sizes(), (at::IntArrayRef{2, 3, resolution, resolution}));
            if (resolution == 4 && std::string(architecture) != "skip") {
                continue;
            }
            const model::Discriminator d(
                model::discriminator_config_from_kwargs(discriminator_kwargs(resolution, architecture), "d"),
                model::random_source());
            EXPECT_EQ(d.forward(img, {}).sizes(), (at::IntArrayRef{2, 1}));
        }
    }
}

TEST(Model, TheLargestHasTheRightShape) {
    json kwargs = generator_kwargs(1024);
    kwargs["synthesis_kwargs"] = {{"channel_base", 32768}, {"channel_max", 512}};
    const model::Generator g(model::generator_config_from_kwargs(kwargs, "g"), model::shape_source());
    EXPECT_EQ(g.config.mapping.num_ws, 18);
    EXPECT_EQ(g.parameters.find("synthesis.b1024.conv1.weight")->sizes(), (at::IntArrayRef{32, 32, 3, 3}));
}

TEST(Model, RefusesWhatIsOutOfRange) {
    for (const int resolution : {0, 2, 3, 48, 8192, -4}) {
        EXPECT_THROW(model::generator_config_from_kwargs(generator_kwargs(resolution), "g"), Error) << resolution;
    }
    EXPECT_THROW(model::discriminator_config_from_kwargs(discriminator_kwargs(4, "resnet"), "d"), Error);
    for (const auto& [key, value] : {std::pair{"z_dim", json(0)}, std::pair{"w_dim", json("many")},
                                     std::pair{"img_channels", json(5)}, std::pair{"z_dim", json(1.5)}}) {
        json kwargs = generator_kwargs(16);
        kwargs[key] = value;
        EXPECT_THROW(model::generator_config_from_kwargs(kwargs, "g"), Error) << key;
    }
    json kwargs = generator_kwargs(16);
    kwargs["synthesis_kwargs"]["activation"] = "step";
    EXPECT_THROW(model::generator_config_from_kwargs(kwargs, "g"), Error);
}

TEST(Model, OptionsSurviveDataAndBack) {
    json kwargs = generator_kwargs(16, "resnet");
    kwargs["c_dim"] = 3;
    kwargs["synthesis_kwargs"]["conv_clamp"] = 256;
    kwargs["synthesis_kwargs"]["resample_filter"] = {1, 2, 1};
    const model::Generator g(model::generator_config_from_kwargs(kwargs, "g"), model::random_source());
    std::vector<std::string> warnings;
    const model::Generator back = model::load_generator(model::to_network_data(g), "g", warnings);
    EXPECT_EQ(warnings, std::vector<std::string>());
    EXPECT_EQ(model::to_kwargs(back.config), model::to_kwargs(g.config));
    EXPECT_EQ(back.parameters.all().size(), g.parameters.all().size());
    json d_kwargs = discriminator_kwargs(16, "skip");
    d_kwargs["block_kwargs"] = {{"freeze_layers", 2}};
    const model::Discriminator d(model::discriminator_config_from_kwargs(d_kwargs, "d"), model::random_source());
    const model::Discriminator d_back = model::load_discriminator(model::to_network_data(d), "d", warnings);
    EXPECT_EQ(d_back.parameters.count(true), d.parameters.count(true)) << "frozen layers stay buffers";
    EXPECT_GT(d.parameters.count(true), 0);
}

TEST(Model, PicturesOfEveryShapeAndKind) {
    const at::NoGradGuard no_grad;
    for (const char* architecture : {"orig", "skip", "resnet"}) {
        for (const auto& [height, width, channels] :
             {std::array{4, 6, 3}, {6, 4, 4}, {8, 4, 1}, {4, 2, 2}, {5, 16, 3}}) {
            json kwargs = generator_kwargs(16, architecture), d_kwargs = discriminator_kwargs(16, architecture);
            for (json* each : {&kwargs, &d_kwargs}) {
                (*each)["init_res"] = {height, width};
                (*each)["img_channels"] = channels;
            }
            const model::Generator g(model::generator_config_from_kwargs(kwargs, "g"), model::random_source());
            const model::Discriminator d(model::discriminator_config_from_kwargs(d_kwargs, "d"),
                                         model::random_source());
            const at::Tensor ws = g.mapping.truncate(g.mapping.forward(at::randn({2, 8}), {}), 1, -1);
            for (const NoiseMode noise : {NoiseMode::constant, NoiseMode::random}) {
                model::SynthesisOptions options;
                options.force_fp32 = true;
                options.noise = noise;
                const at::Tensor img = g.synthesis.forward(ws, options);
                ASSERT_EQ(img.sizes(), (at::IntArrayRef{2, channels, 4 * height, 4 * width}));
                EXPECT_EQ(d.forward(img, {}).sizes(), (at::IntArrayRef{2, 1}));
            }
            std::vector<std::string> warnings;
            const model::Generator g_back = model::load_generator(model::to_network_data(g), "g", warnings);
            const model::Discriminator d_back = model::load_discriminator(model::to_network_data(d), "d", warnings);
            EXPECT_EQ(model::to_kwargs(g_back.config), model::to_kwargs(g.config));
            EXPECT_EQ(model::to_kwargs(d_back.config), model::to_kwargs(d.config));
            EXPECT_EQ(warnings, std::vector<std::string>());
        }
    }
}

// A discriminator's tensors tell how many pixels its last layers see: 24 may be 4 x 6 or 6 x 4.
TEST(Model, TheGeneratorTellsTheShapeOfADiscriminator) {
    json kwargs = generator_kwargs(16), d_kwargs = discriminator_kwargs(16, "resnet");
    kwargs["init_res"] = d_kwargs["init_res"] = {6, 4};
    io::CheckpointFile file;
    file.networks["G_ema"] = model::to_network_data(
        model::Generator(model::generator_config_from_kwargs(kwargs, "g"), model::random_source()));
    file.networks["D"] = model::to_network_data(
        model::Discriminator(model::discriminator_config_from_kwargs(d_kwargs, "d"), model::random_source()));
    for (auto& [name, network] : file.networks) {
        network.init_kwargs.erase("init_res");
    }
    std::vector<std::string> warnings;
    EXPECT_EQ(model::load_discriminator(file, "f.pkl", warnings).config.first_block, (model::FirstBlock{6, 4}));
    EXPECT_EQ(model::load_generator(file.networks.at("G_ema"), "g", warnings).config.synthesis.width(), 16);
    EXPECT_THROW(model::load_discriminator(file.networks.at("D"), "d", warnings), Error) << "nobody tells";
}

TEST(Latent, SlerpKeepsToTheSphere) {
    const at::Tensor a = z_of_seed(1, 64), b = z_of_seed(2, 64);
    EXPECT_TRUE(at::allclose(slerp(a, b, 0), a));
    EXPECT_TRUE(at::allclose(slerp(a, b, 1), b));
    const double half = slerp(a, b, 0.5).norm().item<double>();
    EXPECT_NEAR(half, (a.norm().item<double>() + b.norm().item<double>()) / 2, 1e-9);
    // The angle grows evenly.
    const auto angle = [](const at::Tensor& x, const at::Tensor& y) {
        return std::acos(((x * y).sum() / x.norm() / y.norm()).item<double>());
    };
    EXPECT_NEAR(angle(a, slerp(a, b, 0.25)), angle(a, b) / 4, 1e-9);
    EXPECT_TRUE(at::allclose(slerp(a, a * 2, 0.5), a * 1.5)) << "parallel";
    EXPECT_TRUE(slerp(a, -a, 0.5).isfinite().all().item<bool>()) << "opposite";
}

TEST(Latent, Classes) {
    EXPECT_FALSE(class_condition(0, {}, 0).defined());
    EXPECT_TRUE(at::equal(class_condition(1, {}, 3), at::tensor({0.F, 1.F, 0.F}).unsqueeze(0)));
    EXPECT_THROW(class_condition(3, {}, 3), Error);
    EXPECT_THROW(class_condition(-1, {}, 3), Error);
}

// What a file says of its channels has to be so, or its readers refuse it.
TEST(Kwargs, NameTheRuleThatMakesTheChannels) {
    model::GeneratorConfig config;
    config.synthesis.img_resolution = 32;
    config.synthesis.channels = {32768, 512, {{4, 24}, {8, 24}, {16, 16}, {32, 8}}};
    const auto fitting = model::to_kwargs(config).at("synthesis_kwargs");
    EXPECT_EQ(fitting.at("channel_base"), 256);
    EXPECT_EQ(fitting.at("channel_max"), 24);
    config.synthesis.channels.exceptions = {{4, 12}, {8, 20}, {16, 16}, {32, 10}};
    EXPECT_FALSE(model::to_kwargs(config).at("synthesis_kwargs").contains("channel_base"));
    config.synthesis.channels = {512, 16, {}};
    EXPECT_EQ(model::to_kwargs(config).at("synthesis_kwargs").at("channel_base"), 512);
}

} // namespace
