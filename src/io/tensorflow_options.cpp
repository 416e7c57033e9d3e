// SPDX-License-Identifier: Apache-2.0
#include "io/tensorflow_options.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"

namespace atelier::io {

namespace {

using nlohmann::json;

std::string brief(const json& value) {
    return value.dump(-1, ' ', true, json::error_handler_t::replace).substr(0, 40);
}

// One network's options; what isn't asked for by the end, and decides something, is unknown.
class Options {
public:
    explicit Options(const json& options) : options_(options) {}

    const json* find(const char* name) {
        known_.push_back(name);
        const auto found = options_.find(name);
        return found == options_.end() || found->is_null() ? nullptr : &*found;
    }

    void number_into(json& target, const char* key, const char* name, double factor = 1) {
        if (const json* value = find(name)) {
            const double given = value->is_number() ? value->get<double>() : std::nan("");
            if (!std::isfinite(given) || std::abs(given) > 1e9) {
                fail("its option {} is {}, it has to be a number", name, brief(*value));
            }
            const double result = given * factor;
            target[key] = result == std::floor(result) ? json(static_cast<std::int64_t>(result)) : json(result);
        }
    }

    void number_or(json& target, const char* key, const char* name, const json& otherwise) {
        target[key] = otherwise;
        number_into(target, key, name);
    }

    void text_or(json& target, const char* key, const char* name, const char* otherwise) {
        target[key] = otherwise;
        if (const json* value = find(name)) {
            if (!value->is_string()) {
                fail("its option {} is {}, it has to be a name", name, brief(*value));
            }
            target[key] = *value;
        }
    }

    void taps_into(json& target, const char* key, const char* name) {
        target[key] = {1, 3, 3, 1};
        if (const json* value = find(name)) {
            const bool list =
                value->is_array() && !value->empty() && value->size() <= 64 &&
                std::all_of(value->begin(), value->end(), [](const json& tap) { return tap.is_number(); });
            if (!list) {
                fail("its option {} has to be a list of 1 to 64 numbers{}", name,
                     value->is_array() ? fmt::format(", and it has {}", value->size()) : "");
            }
            target[key] = *value;
        }
    }

    void refuse_unknown() {
        // What says how the program runs, or what it does beside the network.
        static constexpr std::array<std::string_view, 24> inert{"truncation_psi",
                                                                "truncation_cutoff",
                                                                "truncation_psi_val",
                                                                "truncation_cutoff_val",
                                                                "style_mixing_prob",
                                                                "structure",
                                                                "is_training",
                                                                "is_validation",
                                                                "return_dlatents",
                                                                "is_template_graph",
                                                                "dtype",
                                                                "fused_modconv",
                                                                "randomize_noise",
                                                                "force_clean_graph",
                                                                "mapping_func",
                                                                "synthesis_func",
                                                                "components",
                                                                "dlatent_broadcast",
                                                                "epochs",
                                                                "epoch",
                                                                "cur_nimg",
                                                                "kimg",
                                                                "impl",
                                                                "func_name"};
        for (const auto& [name, value] : options_.items()) {
            const bool off = value.is_null() || (value.is_boolean() && !value.get<bool>()) ||
                             (value.is_string() && value.get<std::string>().empty());
            const bool known = std::find(known_.begin(), known_.end(), name) != known_.end() ||
                               std::find(inert.begin(), inert.end(), name) != inert.end();
            if (!known && !off) {
                fail("its option {} ({}) isn't known, and a picture may depend on it", name.substr(0, 60),
                     brief(value));
            }
        }
    }

private:
    const json& options_;
    std::vector<std::string> known_;
};

constexpr std::array<const char*, 6> sides{"resolution", "img_resolution", "res", "size", "image_size", "resolution_h"};
constexpr std::array<const char*, 3> fork_sizes{"init_res", "min_h", "min_w"};

void know_sizes(Options& options) {
    for (const char* name : sides) {
        options.find(name);
    }
    for (const char* name : fork_sizes) {
        options.find(name);
    }
    options.find("resolution_w");
    options.find("res_log2");
}

// channel_base and channel_max, unless the channels follow another rule than theirs.
void channels_into(json& target, Options& options) {
    json decay = {{"by", 1}}, least = {{"of", 1}};
    options.number_into(decay, "by", "fmap_decay");
    options.number_into(least, "of", "fmap_min");
    json channels = json::object();
    options.number_into(channels, "channel_base", "fmap_base", 2);
    options.number_into(channels, "channel_max", "fmap_max");
    if (decay["by"] == 1 && least["of"] == 1) {
        target.update(channels);
    }
}

} // namespace

json generator_kwargs(const TensorFlowNetwork& network) {
    Options options(network.options);
    know_sizes(options);
    json kwargs = json::object(), mapping = json::object(), synthesis = json::object();
    options.number_into(kwargs, "z_dim", "latent_size");
    options.number_into(kwargs, "c_dim", "label_size");
    options.number_into(kwargs, "w_dim", "dlatent_size");
    options.number_into(kwargs, "img_channels", "num_channels");
    options.number_into(mapping, "num_layers", "mapping_layers");
    options.number_into(mapping, "layer_features", "mapping_fmaps");
    options.number_or(mapping, "lr_multiplier", "mapping_lrmul", 0.01);
    options.text_or(mapping, "activation", "mapping_nonlinearity", "lrelu");
    options.number_or(mapping, "w_avg_beta", "dlatent_avg_beta", 0.995);
    options.number_into(mapping, "w_avg_beta", "w_avg_beta");
    channels_into(synthesis, options);
    options.number_or(synthesis, "num_fp16_res", "num_fp16_res", 0);
    options.number_or(synthesis, "conv_clamp", "conv_clamp", nullptr);
    options.text_or(synthesis, "architecture", "architecture", "skip");
    options.text_or(synthesis, "activation", "nonlinearity", "lrelu");
    options.taps_into(synthesis, "resample_filter", "resample_kernel");
    if (const json* normalize = options.find("normalize_latents"); normalize != nullptr && *normalize == false) {
        fail("its option normalize_latents is off, and z is always normalised here");
    }
    if (const json* noise = options.find("use_noise"); noise != nullptr && noise->is_boolean()) {
        synthesis["use_noise"] = *noise;
    }
    options.refuse_unknown();
    kwargs["mapping_kwargs"] = mapping;
    kwargs["synthesis_kwargs"] = synthesis;
    // The z that the first layer takes: said here, because the message names the file's own variable.
    const auto first = network.variables.find("mapping/Dense0/weight");
    if (first != network.variables.end() && first->second.dim() == 2 && kwargs.contains("z_dim") &&
        kwargs["z_dim"].is_number_integer()) {
        const auto embed = network.variables.find("mapping/LabelEmbed/weight");
        const std::int64_t features =
            embed != network.variables.end() && embed->second.dim() == 2 ? embed->second.size(1) : 0;
        if (first->second.size(0) != kwargs["z_dim"].get<std::int64_t>() + features) {
            fail("variable mapping/Dense0/weight: its shape is [{}, {}], and latent_size {} asks for {} rows",
                 first->second.size(0), first->second.size(1), kwargs["z_dim"].get<std::int64_t>(),
                 kwargs["z_dim"].get<std::int64_t>() + features);
        }
    }
    return kwargs;
}

json discriminator_kwargs(const TensorFlowNetwork& network) {
    Options options(network.options);
    know_sizes(options);
    json kwargs = json::object(), mapping = json::object(), block = json::object(), epilogue = json::object();
    options.number_into(kwargs, "c_dim", "label_size");
    options.number_into(kwargs, "img_channels", "num_channels");
    channels_into(kwargs, options);
    options.number_or(kwargs, "num_fp16_res", "num_fp16_res", 0);
    options.number_or(kwargs, "conv_clamp", "conv_clamp", nullptr);
    options.text_or(kwargs, "architecture", "architecture", "resnet");
    options.text_or(block, "activation", "nonlinearity", "lrelu");
    epilogue["activation"] = block["activation"];
    options.taps_into(block, "resample_filter", "resample_kernel");
    options.number_or(mapping, "num_layers", "mapping_layers", 0);
    options.number_into(mapping, "layer_features", "mapping_fmaps");
    options.number_or(mapping, "lr_multiplier", "mapping_lrmul", 0.1);
    options.text_or(mapping, "activation", "mapping_nonlinearity", "lrelu");
    options.number_or(epilogue, "mbstd_group_size", "mbstd_group_size", nullptr);
    options.number_or(epilogue, "mbstd_num_channels", "mbstd_num_features", 1);
    options.refuse_unknown();
    kwargs["block_kwargs"] = block;
    kwargs["mapping_kwargs"] = mapping;
    kwargs["epilogue_kwargs"] = epilogue;
    return kwargs;
}

void check_picture_size(const TensorFlowNetwork& network, int height, int width) {
    const auto check = [&](const char* name, int one, int other) {
        const auto found = network.options.find(name);
        if (found == network.options.end() || found->is_null()) {
            return;
        }
        const double claimed = found->is_number() ? found->get<double>() : -1;
        if (claimed != one && claimed != other) {
            fail("its option {} is {}, and its variables are of {} x {} px", name, brief(*found), width, height);
        }
    };
    for (const char* name : sides) {
        check(name, height, std::string_view(name) == "resolution_h" ? height : width);
    }
    check("resolution_w", width, width);
}

} // namespace atelier::io
