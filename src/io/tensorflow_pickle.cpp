// SPDX-License-Identifier: Apache-2.0
#include "io/tensorflow_pickle.h"

#include <algorithm>

#include <ATen/Functions.h>
#include <fmt/ranges.h>

#include "io/numpy_array.h"
#include "io/pickle_globals.h"
#include "io/pickle_json.h"
#include "io/state_dict.h"
#include "io/tensorflow_names.h"
#include "io/tensorflow_options.h"

namespace atelier::io {

namespace {

constexpr int max_depth = 4; // of networks inside networks: synthesis and mapping lie in the first
constexpr std::size_t max_variables = 20'000;

// Forks count their training in variables, and not always by numpy.
at::Tensor value_of(const PickleValue& value, std::uint64_t& spare_bytes) {
    const auto number = [](auto held, at::ScalarType type) {
        return at::full({}, held, at::TensorOptions().dtype(type));
    };
    if (value.is(PickleKind::integer) || value.is(PickleKind::boolean)) {
        return number(value.integer, at::kLong);
    }
    return value.is(PickleKind::real) ? number(value.real, at::kDouble) : read_numpy_value(value, spare_bytes);
}

bool is_network(const PickleValue& value) {
    return value.is(PickleKind::object) &&
           allowed_global(value.callee->integer).meaning == PickleName::tensorflow_network;
}

class NetworkReader {
public:
    NetworkReader(std::string network, std::uint64_t& spare_bytes)
        : network_(std::move(network)), spare_bytes_(spare_bytes) {}

    TensorFlowNetwork read(const PickleValue& object) {
        const PickleValue& state = state_of(object);
        const PickleValue* version = find_key(state, "version");
        if (version == nullptr || !version->is(PickleKind::integer)) {
            fail("network {} has no version number", network_);
        }
        if (version->integer < 4) {
            fail(
                "network {} is of version {} of the TensorFlow code, from before StyleGAN2, and versions from 4 on are "
                "read",
                network_, version->integer);
        }
        result_.version = version->integer;
        const PickleValue* options = find_key(state, "static_kwargs");
        if (options == nullptr || !options->is(PickleKind::dict)) {
            fail("network {} has no dictionary of options (static_kwargs)", network_);
        }
        result_.options = to_json(*options);
        collect(state, "", 0);
        return std::move(result_);
    }

private:
    const PickleValue& state_of(const PickleValue& object) const {
        const PickleValue* state = attributes_of(object);
        if (!is_network(object) || state == nullptr) {
            fail("network {} is {}, not a saved TensorFlow network", network_, describe(object));
        }
        return *state;
    }

    void collect(const PickleValue& state, const std::string& prefix, int depth) {
        if (depth > max_depth) {
            fail("network {} is nested deeper than any StyleGAN2 network", network_);
        }
        const PickleValue* variables = find_key(state, "variables");
        if (variables == nullptr || !variables->is(PickleKind::list)) {
            fail("network {} has no list of variables{}", network_, prefix.empty() ? "" : " in " + prefix);
        }
        for (const PickleValue* entry : variables->items) {
            const bool pair = (entry->is(PickleKind::tuple) || entry->is(PickleKind::list)) &&
                              entry->items.size() == 2 && entry->items[0]->is(PickleKind::text);
            if (!pair) {
                fail("a variable of network {} is {}, not a name and its value", network_, describe(*entry));
            }
            add(prefix + std::string(entry->items[0]->text), *entry->items[1]);
        }
        const PickleValue* components = find_key(state, "components");
        if (components == nullptr || !components->is(PickleKind::dict)) {
            return;
        }
        for (std::size_t i = 0; i + 1 < components->items.size(); i += 2) {
            const PickleValue& name = *components->items[i];
            if (!name.is(PickleKind::text)) {
                fail("a part of network {} has a name that is no string", network_);
            }
            collect(state_of(*components->items[i + 1]), prefix + printable(name.text) + "/", depth + 1);
        }
    }

    void add(const std::string& name, const PickleValue& value) {
        check_name(name);
        if (result_.variables.size() >= max_variables) {
            fail("network {} has more variables than any model", network_);
        }
        try {
            if (!result_.variables.emplace(name, value_of(value, spare_bytes_)).second) {
                fail("is there twice");
            }
        } catch (const Error& error) {
            fail("network {}: variable {}: {}", network_, printable(name), error.what());
        }
    }

    std::string network_;
    std::uint64_t& spare_bytes_;
    TensorFlowNetwork result_;
};

// The networks of a file by their names here: G, D, G_ema (Gs).
std::vector<std::pair<std::string, const PickleValue*>> networks_of(const PickleValue& root) {
    std::vector<std::pair<std::string, const PickleValue*>> result;
    if (is_network(root)) {
        result.emplace_back("", &root); // by its variables
        return result;
    }
    if (root.is(PickleKind::dict)) {
        for (const auto& [key, name] : {std::pair{"G", "G"}, {"D", "D"}, {"Gs", "G_ema"}, {"G_ema", "G_ema"}}) {
            const PickleValue* network = find_key(root, key);
            if (network != nullptr && is_network(*network)) {
                result.emplace_back(name, network);
            }
        }
        return result;
    }
    if (root.items.size() == 1) {
        result.emplace_back("", root.items[0]);
    } else if (root.items.size() == 3) {
        result = {{"G", root.items[0]}, {"D", root.items[1]}, {"G_ema", root.items[2]}};
    } else {
        fail("is a TensorFlow pickle with a tuple of {} networks; there should be three (G, D, Gs) or Gs alone",
             root.items.size());
    }
    return result;
}

} // namespace

bool is_tensorflow_pickle(const ModelSource& source) {
    if (source.root == nullptr) {
        return false;
    }
    const PickleValue& root = *source.root;
    const auto network = [](const PickleValue* value) { return is_network(*value); };
    return is_network(root) ||
           ((root.is(PickleKind::tuple) || root.is(PickleKind::list) || root.is(PickleKind::dict)) &&
            std::any_of(root.items.begin(), root.items.end(), network));
}

void read_tensorflow_pickle(ModelSource& source, CheckpointFile& into) {
    into.kind = FileKind::tensorflow_pickle;
    std::uint64_t spare_bytes = 4 * source.file.size() + (1U << 20);
    std::int64_t version = 0;
    // Gs may be the same object as G.
    std::map<const PickleValue*, NetworkData> known;
    for (const auto& [given, object] : networks_of(*source.root)) {
        if (!given.empty() && object->is(PickleKind::none)) {
            continue;
        }
        if (given == "D" && !is_network(*object)) {
            into.warnings.push_back(
                fmt::format("left out: D, which is {} and no TensorFlow network", describe(*object)));
            continue;
        }
        std::string name = given;
        if (const auto same = known.find(object); same != known.end()) {
            into.networks[name] = same->second;
            continue;
        }
        const TensorFlowNetwork network = NetworkReader(name.empty() ? "Gs" : name, spare_bytes).read(*object);
        if (name.empty()) {
            name = is_discriminator(network) ? "D" : "G_ema";
        }
        version = std::max(version, network.version);
        // A discriminator is for training alone; one that can't be read as one doesn't keep the pictures away.
        std::vector<std::string> unknown;
        NetworkData data;
        try {
            data = name == "D" ? convert_discriminator(network, unknown) : convert_generator(network, unknown);
        } catch (const Error& error) {
            if (name != "D") {
                fail("network {}: {}", name == "G_ema" ? "Gs" : name, error.what());
            }
            into.warnings.push_back(fmt::format("left out: network D: {}", error.what()));
            continue;
        }
        if (!unknown.empty()) {
            into.warnings.push_back(
                fmt::format("{}: left out, because a picture doesn't need it: {}", name, fmt::join(unknown, ", ")));
        }
        known[object] = data;
        into.networks[name] = std::move(data);
    }
    into.description =
        fmt::format("TensorFlow StyleGAN2{} pickle (protocol {})", version >= 5 ? "-ADA" : "", source.protocol);
}

} // namespace atelier::io
