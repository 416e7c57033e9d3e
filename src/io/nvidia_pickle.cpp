// SPDX-License-Identifier: Apache-2.0
#include "io/nvidia_pickle.h"

#include <algorithm>
#include <unordered_set>

#include "io/network_reading.h"
#include "io/pickle_json.h"
#include "io/state_dict.h"

namespace atelier::io {

namespace {

constexpr int max_depth = 32;
constexpr std::size_t max_modules = 20'000;

class NetworkReader {
public:
    NetworkReader(TensorReader& tensors, std::string network) : tensors_(tensors), network_(std::move(network)) {}

    NetworkData read(const PickleValue& object) {
        const PickleValue& state = state_of(object, "");
        data_.class_name = class_of_module(object);
        if (data_.class_name.empty()) {
            fail("network {} has no class name", network_);
        }
        data_.init_kwargs = nlohmann::json::object();
        data_.attributes = nlohmann::json::object();
        if (const PickleValue* kwargs = find_key(state, "_init_kwargs"); kwargs != nullptr) {
            if (!kwargs->is(PickleKind::dict)) {
                fail("the options of network {} are {}, not a dictionary", network_, describe(*kwargs));
            }
            try {
                data_.init_kwargs = to_json(*kwargs);
            } catch (const Error& error) {
                fail("network {}: {}", network_, error.what());
            }
        }
        module(object, "", 0);
        return std::move(data_);
    }

private:
    const PickleValue& state_of(const PickleValue& object, const std::string& path) {
        if (!is_persistent_object(object)) {
            if (const PickleValue* state = module_state(object)) {
                return *state; // a plain module of somebody else's class
            }
            fail("module {}{} is {}, not a saved module", network_, path.empty() ? "" : "." + path, describe(object));
        }
        const PickleValue* meta = object.items.size() == 1 ? object.items[0] : nullptr;
        const PickleValue* type = meta == nullptr ? nullptr : find_key(*meta, "type");
        const PickleValue* state = meta == nullptr ? nullptr : find_key(*meta, "state");
        if (type == nullptr || !type->is(PickleKind::text) || type->text != "class" || state == nullptr ||
            !state->is(PickleKind::dict)) {
            fail("module {}{} is no saved class with a state", network_, path.empty() ? "" : "." + path);
        }
        return *state;
    }

    void module(const PickleValue& object, const std::string& path, int depth) {
        if (depth > max_depth || ++modules_ > max_modules) {
            fail("network {} is nested deeper or has more modules than any StyleGAN2 network", network_);
        }
        const PickleValue& state = state_of(object, path);
        const std::string prefix = path.empty() ? "" : path + ".";
        attributes(state, path);
        read_tensors(state, "_parameters", prefix, false);
        read_tensors(state, "_buffers", prefix, true);
        for_each(state, "_modules", prefix, [&](const std::string& name, const PickleValue& child) {
            if (!is_persistent_object(child) && module_state(child) == nullptr) {
                fail("module {}.{} is {}, not a saved class", network_, printable(name), describe(child));
            }
            module(child, name, depth + 1);
        });
    }

    // Calls `use` with the full name and value of each entry that is not None.
    template <typename Use>
    void for_each(const PickleValue& state, const char* key, const std::string& prefix, const Use& use) {
        const PickleValue* entries = find_key(state, key);
        if (entries == nullptr || !entries->is(PickleKind::dict)) {
            fail("module {}{} lacks the dictionary {}", network_,
                 prefix.empty() ? "" : "." + prefix.substr(0, prefix.size() - 1), key);
        }
        for (std::size_t i = 0; i + 1 < entries->items.size(); i += 2) {
            const PickleValue& name = *entries->items[i];
            if (!name.is(PickleKind::text) || name.text.find('.') != std::string_view::npos) {
                fail("a name in {} of network {} is no plain string", key, network_);
            }
            std::string full = prefix + std::string(name.text);
            check_name(full);
            if (!names_.insert(full).second) {
                fail("tensor or module {}.{} is there twice", network_, printable(full));
            }
            if (!entries->items[i + 1]->is(PickleKind::none)) {
                use(full, *entries->items[i + 1]);
            }
        }
    }

    void read_tensors(const PickleValue& state, const char* key, const std::string& prefix, bool buffer) {
        for_each(state, key, prefix, [&](const std::string& name, const PickleValue& value) {
            data_.tensors.push_back({name, tensors_.read(value, network_ + "." + name), buffer});
        });
    }

    void attributes(const PickleValue& state, const std::string& path) {
        nlohmann::json values = nlohmann::json::object();
        for (std::size_t i = 0; i + 1 < state.items.size(); i += 2) {
            const PickleValue& key = *state.items[i];
            if (!key.is(PickleKind::text) || key.text.starts_with('_') || key.text.size() > 200) {
                continue;
            }
            if (auto scalar = scalar_to_json(*state.items[i + 1])) {
                values[std::string(key.text)] = std::move(*scalar);
            }
        }
        if (!values.empty()) {
            data_.attributes[path] = std::move(values);
        }
    }

    TensorReader& tensors_;
    std::string network_;
    NetworkData data_;
    std::unordered_set<std::string> names_;
    std::size_t modules_ = 0;
};

} // namespace

NetworkData read_module(const PickleValue& object, TensorReader& tensors, const std::string& name) {
    return NetworkReader(tensors, name).read(object);
}

bool is_nvidia_pickle(const ModelSource& source) {
    return source.root != nullptr &&
           std::any_of(source.found.begin(), source.found.end(), [](const FoundNetwork& network) {
               return network.module != nullptr && !network.name.empty() &&
                      (network.kind == NetworkKind::generator || network.kind == NetworkKind::discriminator);
           });
}

void read_nvidia_pickle(ModelSource& source, CheckpointFile& into) {
    into.kind = FileKind::nvidia_pickle;
    into.description = source.container == ModelContainer::pickle
                           ? fmt::format("StyleGAN2-ADA pickle (protocol {})", source.protocol)
                           : fmt::format("StyleGAN2-ADA module saved by PyTorch ({})",
                                         source.container == ModelContainer::zip ? "zip" : "legacy");
    read_found_networks(source, into);
    if (const PickleValue* kwargs = find_key(*source.root, "training_set_kwargs"); kwargs != nullptr) {
        into.metadata["training_set_kwargs"] = to_json(*kwargs);
    }
}

} // namespace atelier::io
