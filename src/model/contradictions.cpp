// SPDX-License-Identifier: Apache-2.0
#include "model/contradictions.h"

#include <algorithm>

#include "base/error.h"
#include "model/kwargs.h"

namespace atelier::model {
namespace {

std::string brief(const nlohmann::json& value) {
    return value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace).substr(0, 40);
}

// Absent options and None claim nothing.
const nlohmann::json* claim(const Kwargs& kwargs, const char* name) {
    const nlohmann::json* stored = kwargs.find(name);
    return stored == nullptr || stored->is_null() ? nullptr : stored;
}

void compare(const Kwargs& kwargs, const char* name, std::initializer_list<int> actual) {
    const nlohmann::json* stored = claim(kwargs, name);
    const auto says = [&](int value) { return stored->is_number() && stored->get<double>() == value; };
    if (stored != nullptr && std::none_of(actual.begin(), actual.end(), says)) {
        fail("{}: its options say {} {}, and its tensors {}.", kwargs.what(), name, brief(*stored), *actual.begin());
    }
}

void compare(const Kwargs& kwargs, const char* name, const std::string& actual) {
    const nlohmann::json* stored = claim(kwargs, name);
    if (stored != nullptr && *stored != actual) {
        fail("{}: its options say {} {}, and its tensors {}.", kwargs.what(), name, brief(*stored), actual);
    }
}

// Channels by the rule of the public code, where its numbers are stored.
void compare_channels(const Kwargs& kwargs, const Channels& actual, int resolution) {
    if (claim(kwargs, "channel_base") == nullptr) {
        return;
    }
    Channels stored;
    stored.base = kwargs.integer("channel_base", 32768);
    stored.max = kwargs.integer("channel_max", 512);
    for (const int res : block_resolutions(resolution)) {
        if (stored.at(res) != actual.at(res)) {
            fail("{}: its options (channel_base {}, channel_max {}) ask for {} channels in the block of {}, and its "
                 "tensors have {}.",
                 kwargs.what(), stored.base, stored.max, stored.at(res), res, actual.at(res));
        }
    }
}

} // namespace

void refuse_contradictions(const io::NetworkData& data, const GeneratorConfig& config, const std::string& what,
                           std::initializer_list<int> sides) {
    const Kwargs top(data.init_kwargs, what);
    const Kwargs synthesis = top.overlaid("synthesis_kwargs"), mapping = top.sub("mapping_kwargs");
    const MappingConfig& m = config.mapping;
    const SynthesisConfig& s = config.synthesis;
    compare(top, "z_dim", {m.z_dim});
    compare(top, "c_dim", {m.c_dim});
    compare(top, "w_dim", {m.w_dim});
    compare(top, "img_resolution", sides);
    compare(top, "img_channels", {s.img_channels});
    compare(mapping, "num_layers", {m.num_layers});
    if (m.c_dim > 0) {
        compare(mapping, "embed_features", {m.embed_features, m.embed_features == m.w_dim ? 0 : m.embed_features});
    }
    if (m.num_layers > 1) {
        compare(mapping, "layer_features", {m.layer_features, m.layer_features == m.w_dim ? 0 : m.layer_features});
    }
    if (s.img_resolution > 4) {
        compare(synthesis, "architecture", architecture_name(s.architecture));
    }
    if (const nlohmann::json* noise = claim(synthesis, "use_noise");
        noise != nullptr && noise->is_boolean() && noise->get<bool>() != s.use_noise) {
        fail("{}: its options say use_noise {}, and its tensors {}.", what, noise->get<bool>(), s.use_noise);
    }
    if (data.channels_are_claims) {
        compare_channels(synthesis, s.channels, s.img_resolution);
    }
}

void refuse_contradictions(const io::NetworkData& data, const DiscriminatorConfig& config, const std::string& what,
                           std::initializer_list<int> sides) {
    const Kwargs top(data.init_kwargs, what);
    compare(top, "c_dim", {config.c_dim});
    compare(top, "img_resolution", sides);
    compare(top, "img_channels", {config.img_channels});
    if (config.img_resolution > 4) {
        compare(top, "architecture", architecture_name(config.architecture));
    }
    compare(top.sub("epilogue_kwargs"), "mbstd_num_channels", {config.mbstd_num_channels});
    if (config.c_dim > 0) {
        compare(top, "cmap_dim", {config.effective_cmap_dim()});
        compare(top.sub("mapping_kwargs"), "num_layers", {config.mapping_layers});
    }
    if (data.channels_are_claims) {
        compare_channels(top, config.channels, config.img_resolution);
    }
}

} // namespace atelier::model
