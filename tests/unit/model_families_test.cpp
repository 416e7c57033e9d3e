// SPDX-License-Identifier: Apache-2.0
// Networks found by their tensors' names, and files that contradict themselves: on small files made here.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "io/checkpoint.h"
#include "io/checkpoint_write.h"
#include "io/safetensors.h"
#include "model/config_json.h"
#include "model/load.h"
#include "support/scratch.h"

namespace atelier {
namespace {

using nlohmann::json;
using test::message_from;
using testing::AllOf;
using testing::HasSubstr;
using Tensors = std::vector<std::pair<std::string, at::Tensor>>;

json small_kwargs() {
    return {{"z_dim", 8},
            {"c_dim", 0},
            {"w_dim", 8},
            {"img_resolution", 16},
            {"img_channels", 3},
            {"mapping_kwargs", {{"num_layers", 2}}},
            {"synthesis_kwargs", {{"channel_base", 64}, {"channel_max", 8}}}};
}

io::NetworkData small_generator() {
    at::manual_seed(1);
    return model::to_network_data(
        model::Generator(model::generator_config_from_kwargs(small_kwargs(), "g"), model::random_source()));
}

Tensors prefixed(const io::NetworkData& network, const std::string& prefix) {
    Tensors tensors;
    for (const io::NamedTensor& tensor : network.tensors) {
        tensors.emplace_back(prefix + tensor.name, tensor.value);
    }
    return tensors;
}

class Families : public testing::Test {
protected:
    io::CheckpointFile read(const Tensors& tensors) {
        const auto path = scratch_ / "model.safetensors";
        io::write_safetensors(path, tensors);
        return io::read_checkpoint(path);
    }
    std::string refusal(const Tensors& tensors) {
        return message_from<Error>([&] { read(tensors); });
    }
    std::string load_refusal(const io::NetworkData& network) {
        std::vector<std::string> warnings;
        return message_from<Error>([&] { model::load_generator(network, "m: G_ema", warnings); });
    }

    test::Scratch scratch_;
};

TEST_F(Families, AnyPrefixIsFound) {
    const io::NetworkData network = small_generator();
    for (const char* prefix : {"", "module.", "G_ema.", "generator.", "state_dict.", "state_dict.g_ema.module.",
                               "g_ema.", "model.netG.", "params_ema."}) {
        const io::CheckpointFile file = read(prefixed(network, prefix));
        ASSERT_EQ(file.networks.size(), 1U) << prefix;
        ASSERT_TRUE(file.networks.contains("G_ema")) << prefix;
        EXPECT_EQ(file.networks.at("G_ema").tensors.size(), network.tensors.size()) << prefix;
        EXPECT_EQ(file.warnings, std::vector<std::string>()) << prefix;
    }
    EXPECT_TRUE(read(prefixed(network, "G.")).networks.contains("G"));
}

TEST_F(Families, AverageAndTrainedAreToldApart) {
    const io::NetworkData network = small_generator();
    Tensors both = prefixed(network, "generator.");
    for (auto& entry : prefixed(network, "generator_ema.")) {
        both.push_back({entry.first, entry.second + 1});
    }
    const io::CheckpointFile file = read(both);
    ASSERT_EQ(file.networks.size(), 2U);
    EXPECT_TRUE(at::equal(file.networks.at("G").tensors.front().value, both.front().second));
    EXPECT_FALSE(at::equal(file.networks.at("G_ema").tensors.front().value, both.front().second));
}

TEST_F(Families, WhatIsLeftOutIsNamedOnce) {
    Tensors tensors = prefixed(small_generator(), "G_ema.");
    tensors.emplace_back("encoder.body.0.weight", at::zeros({4, 4}));
    tensors.emplace_back("encoder.body.1.weight", at::zeros({4, 4}));
    tensors.emplace_back("step", at::zeros({1}));
    const io::CheckpointFile file = read(tensors);
    ASSERT_EQ(file.warnings.size(), 1U);
    EXPECT_THAT(file.warnings[0], testing::EndsWith("left out, because it is no part of a StyleGAN2 network: encoder"));
}

TEST_F(Families, ContradictionsAreRefusedWithBothNumbers) {
    const io::NetworkData right = small_generator();
    const auto with = [&](const char* pointer, const json& value) {
        io::NetworkData network = right;
        network.init_kwargs[json::json_pointer(pointer)] = value;
        return load_refusal(network);
    };
    EXPECT_EQ(load_refusal(right), "");
    EXPECT_EQ(with("/img_resolution", nullptr), "");
    EXPECT_THAT(with("/img_resolution", 32), AllOf(HasSubstr("img_resolution 32"), HasSubstr("tensors 16")));
    EXPECT_THAT(with("/z_dim", 16), AllOf(HasSubstr("z_dim 16"), HasSubstr("tensors 8")));
    EXPECT_THAT(with("/c_dim", 5), AllOf(HasSubstr("c_dim 5"), HasSubstr("tensors 0")));
    EXPECT_THAT(with("/img_channels", 4), AllOf(HasSubstr("img_channels 4"), HasSubstr("tensors 3")));
    EXPECT_THAT(with("/mapping_kwargs/num_layers", 8), AllOf(HasSubstr("num_layers 8"), HasSubstr("tensors 2")));
    EXPECT_THAT(with("/synthesis_kwargs/channel_max", 4),
                AllOf(HasSubstr("channel_max 4"), HasSubstr("4 channels"), HasSubstr("tensors have 8")));
    EXPECT_THAT(with("/synthesis_kwargs/architecture", "resnet"), AllOf(HasSubstr("resnet"), HasSubstr("skip")));
    EXPECT_THAT(with("/img_resolution", "<an object of a.B>"), HasSubstr("<an object of a.B>"));
}

TEST_F(Families, LeftOverAndMissingTensorsAreRefusedWithBothNumbers) {
    const io::NetworkData right = small_generator();
    io::NetworkData more = right;
    more.tensors.push_back({"synthesis.b64.conv1.weight", at::zeros({4, 4, 3, 3}), false});
    EXPECT_THAT(load_refusal(more), AllOf(HasSubstr(std::to_string(right.tensors.size()) + ";"),
                                          HasSubstr(std::to_string(more.tensors.size()) + " tensors"),
                                          HasSubstr("synthesis.b64.conv1.weight")));
    io::NetworkData fewer = right;
    std::erase_if(fewer.tensors, [](const auto& tensor) { return tensor.name == "mapping.fc1.bias"; });
    EXPECT_THAT(load_refusal(fewer),
                AllOf(HasSubstr("lacks the tensor mapping.fc1.bias"), HasSubstr(std::to_string(fewer.tensors.size()))));
}

// Files of older versions hold channel_base and channel_max that nobody had meant.
TEST_F(Families, OwnFilesOfOlderVersionsOpen) {
    io::CheckpointFile file;
    file.metadata = json::object();
    file.networks["G_ema"] = small_generator();
    file.networks["G_ema"].init_kwargs["synthesis_kwargs"]["channel_base"] = 32768;
    file.networks["G_ema"].init_kwargs["synthesis_kwargs"]["channel_max"] = 512;
    const auto path = scratch_ / "own.safetensors";
    io::write_checkpoint(path, file);
    EXPECT_EQ(load_refusal(io::read_checkpoint(path).networks.at("G_ema")), "");
}

// A rosinality generator of 8 px, as far as its names tell.
Tensors rosinality(bool whole = true) {
    const auto zeros = [](at::IntArrayRef shape) { return at::zeros(shape); };
    Tensors t{{"style.1.weight", at::ones({4, 4})}, {"style.1.bias", zeros({4})}, {"input.input", zeros({1, 4, 4, 4})}};
    const auto layer = [&](const std::string& name) {
        t.emplace_back(name + ".conv.weight", zeros({1, 4, 4, 3, 3}));
        t.emplace_back(name + ".conv.modulation.weight", zeros({4, 4}));
        t.emplace_back(name + ".conv.modulation.bias", zeros({4}));
        t.emplace_back(name + ".noise.weight", zeros({1}));
        t.emplace_back(name + ".activate.bias", zeros({4}));
    };
    const auto rgb = [&](const std::string& name) {
        t.emplace_back(name + ".conv.weight", zeros({1, 3, 4, 1, 1}));
        t.emplace_back(name + ".conv.modulation.weight", zeros({4, 4}));
        t.emplace_back(name + ".conv.modulation.bias", zeros({4}));
        t.emplace_back(name + ".bias", zeros({1, 3, 1, 1}));
    };
    layer("conv1");
    rgb("to_rgb1");
    layer("convs.0");
    if (whole) {
        layer("convs.1");
    }
    rgb("to_rgbs.0");
    return t;
}

TEST_F(Families, RosinalityByItsNames) {
    const io::CheckpointFile file = read(rosinality());
    EXPECT_THAT(file.description, HasSubstr("rosinality"));
    EXPECT_EQ(load_refusal(file.networks.at("G_ema")), "");
    ASSERT_EQ(file.warnings.size(), 2U); // no noise, no mean
    // The mean that is made is the same every time.
    const auto mean = [](const io::CheckpointFile& from) {
        for (const io::NamedTensor& tensor : from.networks.at("G_ema").tensors) {
            if (tensor.name == "mapping.w_avg") {
                return tensor.value;
            }
        }
        return at::Tensor();
    };
    EXPECT_TRUE(at::equal(mean(file), mean(read(rosinality()))));

    EXPECT_THAT(refusal(rosinality(false)), AllOf(HasSubstr("1 layers convs.*"), HasSubstr("1 layers to_rgbs.*")));
    Tensors swagan = rosinality();
    swagan.emplace_back("to_rgbs.0.iwt.ll", at::zeros({2, 2}));
    EXPECT_THAT(refusal(swagan), HasSubstr("swagan"));
    Tensors more = rosinality();
    more.emplace_back("convs.7.conv.modulation.bias", at::zeros({4}));
    EXPECT_THAT(refusal(more), AllOf(HasSubstr("holds 1 tensors"), HasSubstr("convs.7")));
}

} // namespace
} // namespace atelier
