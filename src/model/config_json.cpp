// SPDX-License-Identifier: Apache-2.0
#include "model/config_json.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "model/contradictions.h"
#include "model/kwargs.h"

namespace atelier::model {
namespace {

ops::Activation activation(const Kwargs& kwargs, ops::Activation fallback = ops::Activation::lrelu) {
    const std::string name = kwargs.text("activation", ops::activation_name(fallback));
    try {
        return ops::activation_from_name(name);
    } catch (const Error& error) {
        fail("{}: {}", kwargs.what(), error.what());
    }
}

Architecture architecture(const Kwargs& kwargs, Architecture fallback) {
    const std::string name = kwargs.text("architecture", architecture_name(fallback));
    for (const Architecture known : {Architecture::orig, Architecture::skip, Architecture::resnet}) {
        if (name == architecture_name(known)) {
            return known;
        }
    }
    fail("{}: the architecture '{}' is unknown; known are orig, skip and resnet.", kwargs.what(), name);
}

void read_mapping(const Kwargs& mapping, MappingConfig& m) {
    m.num_layers = mapping.integer("num_layers", m.num_layers);
    m.embed_features = mapping.integer("embed_features", 0);
    m.layer_features = mapping.integer("layer_features", 0);
    m.activation = activation(mapping);
    m.lr_multiplier = mapping.number("lr_multiplier", 0.01);
    m.w_avg_beta = mapping.optional_number("w_avg_beta", 0.995);
}

// Options, not sizes: what no tensor shape tells.
void read_synthesis_options(const Kwargs& s, SynthesisConfig& config) {
    config.num_fp16_res = s.integer("num_fp16_res", 0);
    config.conv_clamp = s.optional_number("conv_clamp", std::nullopt);
    config.activation = activation(s);
    config.resample_filter = s.numbers("resample_filter", {1, 3, 3, 1});
    config.fp16_channels_last = s.boolean("fp16_channels_last", false);
}

void read_discriminator_options(const Kwargs& top, DiscriminatorConfig& config) {
    const Kwargs block = top.sub("block_kwargs"), mapping = top.sub("mapping_kwargs"),
                 epilogue = top.sub("epilogue_kwargs");
    config.num_fp16_res = top.integer("num_fp16_res", 0);
    config.conv_clamp = top.optional_number("conv_clamp", std::nullopt);
    config.activation = activation(block);
    config.epilogue_activation = activation(epilogue);
    config.resample_filter = block.numbers("resample_filter", {1, 3, 3, 1});
    config.freeze_layers = block.integer("freeze_layers", 0);
    config.fp16_channels_last = block.boolean("fp16_channels_last", false);
    const auto group = epilogue.optional_number("mbstd_group_size", 4);
    config.mbstd_group_size = group ? std::optional<int>(static_cast<int>(*group)) : std::nullopt;
    config.mbstd_num_channels = epilogue.integer("mbstd_num_channels", 1);
    config.mapping_layers = mapping.integer("num_layers", 8);
    config.mapping_embed_features = mapping.integer("embed_features", 0);
    config.mapping_layer_features = mapping.integer("layer_features", 0);
    config.mapping_activation = activation(mapping);
    config.mapping_lr_multiplier = mapping.number("lr_multiplier", 0.01);
}

void read_channels(const Kwargs& kwargs, Channels& channels) {
    channels.base = kwargs.integer("channel_base", 32768);
    channels.max = kwargs.integer("channel_max", 512);
    channels.base = std::clamp(channels.base, 4, 1 << 22);
    channels.max = std::clamp(channels.max, 1, 8192);
}

// [height, width], as a public fork names the first block's pixels; empty where it doesn't say.
std::optional<FirstBlock> stored_first_block(const Kwargs& kwargs) {
    if (kwargs.find("init_res") == nullptr) {
        return std::nullopt;
    }
    const std::vector<double> sides = kwargs.numbers("init_res", {4, 4});
    const auto whole = [](double side) { return side >= 1 && side <= 1024 && side == std::floor(side); };
    if (sides.size() != 2 || !whole(sides[0]) || !whole(sides[1])) {
        fail("{}: the option init_res has to be two whole numbers, height and width of the first block.",
             kwargs.what());
    }
    return FirstBlock{static_cast<int>(sides[0]), static_cast<int>(sides[1])};
}

// A discriminator's tensors tell how many pixels its last layers see, not how high and wide that is.
FirstBlock discriminator_first_block(const Kwargs& kwargs, std::int64_t pixels, const FirstBlock* generator) {
    const auto fits = [&](const FirstBlock& block) { return std::int64_t{block.height} * block.width == pixels; };
    if (generator != nullptr && fits(*generator)) {
        return *generator;
    }
    if (const auto stored = stored_first_block(kwargs); stored && fits(*stored)) {
        return *stored;
    }
    // Networks for pictures of people, twice as high as wide, say no more than this.
    const nlohmann::json* square = kwargs.find("square");
    if (const FirstBlock tall{4, 2}; square != nullptr && square->is_boolean() && !square->get<bool>() && fits(tall)) {
        return tall;
    }
    if (fits({})) {
        return {};
    }
    fail("{}: its last layers see {} pixels, {}.", kwargs.what(), pixels,
         generator != nullptr
             ? fmt::format("but the generator's first block has {} x {}", generator->width, generator->height)
             : std::string("and nothing tells how many of them are in a row"));
}

void put_first_block(const FirstBlock& block, nlohmann::json& kwargs) {
    if (!block.usual()) {
        kwargs["init_res"] = {block.height, block.width};
    }
}

void set_channels(Channels& channels, int resolution, std::int64_t actual) {
    if (channels.at(resolution) != actual) {
        channels.exceptions[resolution] = static_cast<int>(actual);
    }
}

} // namespace

GeneratorConfig generator_config_from_kwargs(const nlohmann::json& kwargs, const std::string& what) {
    const Kwargs top(kwargs, what);
    const Kwargs s = top.overlaid("synthesis_kwargs");
    GeneratorConfig config;
    config.mapping.z_dim = top.integer("z_dim", 512);
    config.mapping.c_dim = top.integer("c_dim", 0);
    config.synthesis.w_dim = config.mapping.w_dim = top.integer("w_dim", 512);
    read_mapping(top.sub("mapping_kwargs"), config.mapping);
    config.synthesis.img_resolution = top.integer("img_resolution", 0);
    config.synthesis.first_block = stored_first_block(top).value_or(FirstBlock{});
    config.synthesis.img_channels = top.integer("img_channels", 3);
    read_channels(s, config.synthesis.channels);
    config.synthesis.architecture = architecture(s, Architecture::skip);
    config.synthesis.use_noise = s.boolean("use_noise", true);
    read_synthesis_options(s, config.synthesis);
    check(config, what);
    return config;
}

DiscriminatorConfig discriminator_config_from_kwargs(const nlohmann::json& kwargs, const std::string& what) {
    const Kwargs top(kwargs, what);
    DiscriminatorConfig config;
    config.c_dim = top.integer("c_dim", 0);
    config.img_resolution = top.integer("img_resolution", 0);
    config.first_block = stored_first_block(top).value_or(FirstBlock{});
    config.img_channels = top.integer("img_channels", 3);
    config.architecture = architecture(top, Architecture::resnet);
    read_channels(top, config.channels);
    config.cmap_dim = top.integer("cmap_dim", -1);
    read_discriminator_options(top, config);
    check(config, what);
    return config;
}

GeneratorConfig generator_config(const io::NetworkData& data, const std::string& what,
                                 std::vector<std::string>& /*warnings*/) {
    const Shapes shapes(data, what);
    const Kwargs top(data.init_kwargs, what);
    const Kwargs s = top.overlaid("synthesis_kwargs");
    GeneratorConfig config;
    SynthesisConfig& syn = config.synthesis;
    read_channels(s, syn.channels);
    read_synthesis_options(s, syn);
    read_mapping(top.sub("mapping_kwargs"), config.mapping);

    const auto block = [](int res, const char* rest) { return fmt::format("synthesis.b{}.{}", res, rest); };
    int resolution = 4;
    set_channels(syn.channels, 4, shapes.size(block(4, "conv1.weight"), 4, 0));
    for (int res = 8; res <= largest_resolution && shapes.has(block(res, "conv1.weight")); res *= 2) {
        set_channels(syn.channels, res, shapes.size(block(res, "conv1.weight"), 4, 0));
        resolution = res;
    }
    syn.img_resolution = resolution;
    syn.first_block = {static_cast<int>(shapes.size(block(4, "const"), 3, 1)),
                       static_cast<int>(shapes.size(block(4, "const"), 3, 2))};
    if (const auto stored = stored_first_block(top); stored && *stored != syn.first_block) {
        fail("{}: its options say a first block of {} x {} px, and its tensors {} x {}.", what, stored->width,
             stored->height, syn.first_block.width, syn.first_block.height);
    }
    syn.img_channels = static_cast<int>(shapes.size(block(resolution, "torgb.weight"), 4, 0));
    syn.architecture = shapes.has(block(8, "skip.weight"))                       ? Architecture::resnet
                       : resolution > 4 && !shapes.has(block(4, "torgb.weight")) ? Architecture::orig
                                                                                 : Architecture::skip;
    syn.use_noise = shapes.has(block(4, "conv1.noise_strength"));
    syn.w_dim = static_cast<int>(shapes.size(block(4, "conv1.affine.weight"), 2, 1));
    shapes.read_filter(block(resolution, "resample_filter"), syn.resample_filter);
    // StyleGAN2 files of the StyleGAN3 code base leave these to defaults of their own; the layers know.
    if (const nlohmann::json* clamp = shapes.attribute("synthesis.b4.conv1", "conv_clamp")) {
        syn.conv_clamp = clamp->is_number() ? std::optional<double>(clamp->get<double>()) : std::nullopt;
    }
    if (const auto count = shapes.count_fp16("synthesis.", resolution)) {
        syn.num_fp16_res = *count;
    }

    MappingConfig& m = config.mapping;
    m.w_dim = syn.w_dim;
    m.c_dim = 0;
    m.embed_features = 0;
    if (shapes.has("mapping.embed.weight")) {
        m.embed_features = static_cast<int>(shapes.size("mapping.embed.weight", 2, 0));
        m.c_dim = static_cast<int>(shapes.size("mapping.embed.weight", 2, 1));
    }
    m.num_layers = shapes.count_layers("mapping.fc");
    m.layer_features = m.num_layers > 1 ? static_cast<int>(shapes.size("mapping.fc0.weight", 2, 0)) : 0;
    m.z_dim = static_cast<int>(shapes.size("mapping.fc0.weight", 2, 1)) - m.embed_features;
    if (const nlohmann::json* beta = shapes.attribute("mapping", "w_avg_beta"); beta && beta->is_number()) {
        m.w_avg_beta = beta->get<double>();
    }
    if (!shapes.has("mapping.w_avg")) {
        m.w_avg_beta.reset();
    }
    refuse_contradictions(data, config, what, {resolution, syn.height(), syn.width()});
    check(config, what);
    return config;
}

DiscriminatorConfig discriminator_config(const io::NetworkData& data, const std::string& what,
                                         std::vector<std::string>& /*warnings*/, const FirstBlock* generator) {
    const Shapes shapes(data, what);
    const Kwargs top(data.init_kwargs, what);
    DiscriminatorConfig config;
    read_channels(top, config.channels);
    read_discriminator_options(top, config);
    const auto block = [](int res, const char* rest) { return fmt::format("b{}.{}", res, rest); };
    int resolution = 4;
    set_channels(config.channels, 4, shapes.size("b4.fc.weight", 2, 0));
    for (int res = 8; res <= largest_resolution && shapes.has(block(res, "conv0.weight")); res *= 2) {
        set_channels(config.channels, res, shapes.size(block(res, "conv0.weight"), 4, 0));
        resolution = res;
    }
    config.img_resolution = resolution;
    const std::int64_t flat = shapes.size("b4.fc.weight", 2, 1), in = shapes.size("b4.conv.weight", 4, 0);
    if (flat % in != 0) {
        fail("{}: b4.fc takes {} values, which is no multiple of the {} channels that b4.conv makes.", what, flat, in);
    }
    config.first_block = discriminator_first_block(top, flat / in, generator);
    config.architecture = shapes.has(block(resolution, "skip.weight")) ? Architecture::resnet
                          : shapes.has("b4.fromrgb.weight")            ? Architecture::skip
                                                                       : Architecture::orig;
    config.img_channels = static_cast<int>(shapes.size(block(resolution, "fromrgb.weight"), 4, 1));
    config.mbstd_num_channels = static_cast<int>(shapes.size("b4.conv.weight", 4, 1)) - config.channels.at(4);
    shapes.read_filter(block(resolution, "resample_filter"), config.resample_filter);
    if (const nlohmann::json* clamp = shapes.attribute(block(resolution, "conv0"), "conv_clamp")) {
        config.conv_clamp = clamp->is_number() ? std::optional<double>(clamp->get<double>()) : std::nullopt;
    }
    if (const auto count = shapes.count_fp16("", resolution)) {
        config.num_fp16_res = *count;
    }
    config.mapping_embed_features = config.mapping_layer_features = 0;
    if (shapes.has("mapping.embed.weight")) {
        config.c_dim = static_cast<int>(shapes.size("mapping.embed.weight", 2, 1));
        config.cmap_dim = static_cast<int>(shapes.size("b4.out.weight", 2, 0));
        config.mapping_embed_features = static_cast<int>(shapes.size("mapping.embed.weight", 2, 0));
        config.mapping_layers = shapes.has("mapping.fc0.weight") ? shapes.count_layers("mapping.fc") : 0;
        if (config.mapping_layers > 1) {
            config.mapping_layer_features = static_cast<int>(shapes.size("mapping.fc0.weight", 2, 0));
        }
    }
    refuse_contradictions(data, config, what, {resolution, config.height(), config.width()});
    check(config, what);
    return config;
}

// The rule that makes the channels there are; none where no rule does, since readers hold it against the tensors.
static void put_channels(const Channels& channels, int resolution, nlohmann::json& kwargs) {
    const std::vector<int> blocks = block_resolutions(resolution);
    Channels rule{channels.base, channels.max, {}};
    const auto makes_them = [&] {
        return std::all_of(blocks.begin(), blocks.end(), [&](int res) { return rule.at(res) == channels.at(res); });
    };
    if (!makes_them()) {
        rule.base = rule.max = 0;
        for (const int res : blocks) {
            rule.max = std::max(rule.max, channels.at(res));
        }
        for (const int res : blocks) {
            rule.base = std::max(rule.base, channels.at(res) < rule.max ? channels.at(res) * res : 0);
        }
        rule.base = rule.base == 0 ? rule.max * resolution : rule.base;
    }
    if (makes_them()) {
        kwargs["channel_base"] = rule.base;
        kwargs["channel_max"] = rule.max;
    }
}

nlohmann::json to_kwargs(const GeneratorConfig& config) {
    const auto optional = [](const std::optional<double>& value) {
        return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
    };
    const SynthesisConfig& s = config.synthesis;
    const MappingConfig& m = config.mapping;
    nlohmann::json mapping{{"num_layers", m.num_layers},
                           {"activation", ops::activation_name(m.activation)},
                           {"lr_multiplier", m.lr_multiplier},
                           {"w_avg_beta", optional(m.w_avg_beta)}};
    nlohmann::json kwargs{{"z_dim", m.z_dim},
                          {"c_dim", m.c_dim},
                          {"w_dim", m.w_dim},
                          {"img_resolution", s.img_resolution},
                          {"img_channels", s.img_channels},
                          {"mapping_kwargs", mapping},
                          {"synthesis_kwargs",
                           {{"num_fp16_res", s.num_fp16_res},
                            {"conv_clamp", optional(s.conv_clamp)},
                            {"architecture", architecture_name(s.architecture)},
                            {"activation", ops::activation_name(s.activation)},
                            {"resample_filter", s.resample_filter},
                            {"use_noise", s.use_noise},
                            {"fp16_channels_last", s.fp16_channels_last}}}};
    put_channels(s.channels, s.img_resolution, kwargs["synthesis_kwargs"]);
    put_first_block(s.first_block, kwargs);
    return kwargs;
}

nlohmann::json to_kwargs(const DiscriminatorConfig& c) {
    nlohmann::json kwargs{
        {"c_dim", c.c_dim},
        {"img_resolution", c.img_resolution},
        {"img_channels", c.img_channels},
        {"architecture", architecture_name(c.architecture)},
        {"num_fp16_res", c.num_fp16_res},
        {"conv_clamp", c.conv_clamp ? nlohmann::json(*c.conv_clamp) : nlohmann::json(nullptr)},
        {"block_kwargs",
         {{"activation", ops::activation_name(c.activation)},
          {"resample_filter", c.resample_filter},
          {"freeze_layers", c.freeze_layers},
          {"fp16_channels_last", c.fp16_channels_last}}},
        {"mapping_kwargs",
         {{"num_layers", c.mapping_layers},
          {"activation", ops::activation_name(c.mapping_activation)},
          {"lr_multiplier", c.mapping_lr_multiplier}}},
        {"epilogue_kwargs",
         {{"mbstd_group_size", c.mbstd_group_size ? nlohmann::json(*c.mbstd_group_size) : nlohmann::json(nullptr)},
          {"mbstd_num_channels", c.mbstd_num_channels},
          {"activation", ops::activation_name(c.epilogue_activation)}}}};
    if (c.cmap_dim >= 0) {
        kwargs["cmap_dim"] = c.cmap_dim;
    }
    put_channels(c.channels, c.img_resolution, kwargs);
    put_first_block(c.first_block, kwargs);
    return kwargs;
}

} // namespace atelier::model
