// SPDX-License-Identifier: Apache-2.0
#include "io/nvidia_pickle.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "io/pickle_globals.h"
#include "io/pickle_json.h"
#include "io/state_dict.h"
#include "io/torch_tensor.h"

namespace atelier::io {

namespace {

constexpr int max_depth = 32;
constexpr std::size_t max_modules = 20'000;
constexpr std::array<std::string_view, 4> network_keys{"G", "D", "G_ema", "augment_pipe"};

bool is_persistent_object(const PickleValue& value) {
    return value.is(PickleKind::object) &&
           allowed_global(value.callee->integer).meaning == PickleName::persistent_object;
}

class NetworkReader {
public:
    NetworkReader(TensorReader& tensors, std::string network) : tensors_(tensors), network_(std::move(network)) {}

    NetworkData read(const PickleValue& object) {
        const PickleValue& state = state_of(object, "");
        const PickleValue* class_name = find_key(*object.items[0], "class_name");
        if (class_name == nullptr || !class_name->is(PickleKind::text) || class_name->text.size() > 200) {
            fail("network {} has no class name", network_);
        }
        data_.class_name = class_name->text;
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
            if (!is_persistent_object(child)) {
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

bool is_absent(const PickleValue& object) {
    const PickleValue* name = object.items.empty() ? nullptr : find_key(*object.items[0], "class_name");
    return name != nullptr && name->is(PickleKind::text) && name->text == absent_network;
}

// A lone network, as some tools save it, stands for the key that its class suggests.
std::string name_of_lone_network(const PickleValue& object) {
    const PickleValue* meta = object.items.empty() ? nullptr : object.items[0];
    const PickleValue* name = meta == nullptr ? nullptr : find_key(*meta, "class_name");
    return name != nullptr && name->is(PickleKind::text) && name->text == "Discriminator" ? "D" : "G_ema";
}

} // namespace

bool is_nvidia_pickle(const ModelSource& source) {
    if (source.container == ModelContainer::safetensors) {
        return false;
    }
    if (is_persistent_object(*source.root)) {
        return true;
    }
    return std::any_of(network_keys.begin(), network_keys.end(), [&](std::string_view name) {
        const PickleValue* object = find_key(*source.root, name);
        return object != nullptr && is_persistent_object(*object);
    });
}

void read_nvidia_pickle(ModelSource& source, CheckpointFile& into) {
    const PickleValue& root = *source.root;
    TensorReader& tensors = *source.tensors;
    into.kind = FileKind::nvidia_pickle;
    into.description = fmt::format("StyleGAN2-ADA pickle (protocol {})", source.protocol);

    if (is_persistent_object(root)) {
        const std::string name = name_of_lone_network(root);
        into.networks[name] = NetworkReader(tensors, name).read(root);
        return;
    }
    for (const std::string_view key : network_keys) {
        const std::string name(key);
        const PickleValue* object = find_key(root, key);
        if (object != nullptr && is_persistent_object(*object)) {
            // Our own files put something there for the public loader, which wants all three (nvidia_write.h).
            if (!is_absent(*object) && !(name == "G" && object == find_key(root, "G_ema"))) {
                into.networks[name] = NetworkReader(tensors, name).read(*object);
            }
        } else if (object != nullptr && !object->is(PickleKind::none) && !object->is(PickleKind::dict)) {
            fail("its entry {} is {}, not a network", name, describe(*object));
        }
    }
    if (const PickleValue* kwargs = find_key(root, "training_set_kwargs"); kwargs != nullptr) {
        into.metadata["training_set_kwargs"] = to_json(*kwargs);
    }
}

} // namespace atelier::io
