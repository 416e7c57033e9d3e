// SPDX-License-Identifier: Apache-2.0
#include "io/state_dict.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace atelier::io {

namespace {

constexpr std::array<std::string_view, 4> network_names{"G_ema", "G", "D", "augment_pipe"};
constexpr std::size_t max_name = 512;

// Empty when the name begins with no network's name and a dot.
std::string_view network_of(std::string_view name) {
    for (const std::string_view network : network_names) {
        if (name.size() > network.size() + 1 && name.starts_with(network) && name[network.size()] == '.') {
            return network;
        }
    }
    return {};
}

bool has_prefix(const std::vector<std::pair<std::string, at::Tensor>>& tensors, std::string_view prefix) {
    return std::any_of(tensors.begin(), tensors.end(),
                       [&](const auto& entry) { return entry.first.starts_with(prefix); });
}

void add_tensor(NetworkData& network, std::string name, at::Tensor value) {
    check_name(name);
    const bool buffer = is_buffer_name(name);
    network.tensors.push_back({std::move(name), std::move(value), buffer});
}

// `label` is "G_ema." or the like for messages, empty for a dictionary of one network.
void add_network_dict(const std::string& label, const PickleValue& dict, TensorReader& reader, NetworkData& into) {
    std::unordered_set<std::string_view> names;
    for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
        const PickleValue& key = *dict.items[i];
        if (!key.is(PickleKind::text)) {
            fail("a state dict has a key that is {}, not a string", describe(key));
        }
        if (!names.insert(key.text).second) {
            fail("tensor {}{} is there twice", label, printable(key.text));
        }
        check_name(key.text);
        const std::string name(key.text);
        add_tensor(into, name, reader.read(*dict.items[i + 1], label + name));
    }
}

bool is_rosinality(const PickleValue& root) {
    return find_key(root, "g_ema") != nullptr || (find_key(root, "g") != nullptr && find_key(root, "d") != nullptr);
}

} // namespace

bool is_buffer_name(const std::string& name) {
    const std::size_t dot = name.rfind('.');
    const std::string_view last = std::string_view(name).substr(dot == std::string::npos ? 0 : dot + 1);
    return last == "resample_filter" || last == "noise_const" || last == "w_avg";
}

void check_name(std::string_view name) {
    if (name.empty() || name.size() > max_name) {
        fail("a tensor's or module's name has {} bytes; 1 to {} make sense", name.size(), max_name);
    }
    if (std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
        fail("the name {} has control characters in it", printable(name));
    }
}

void add_plain_networks(std::vector<std::pair<std::string, at::Tensor>> tensors, CheckpointFile& into) {
    const bool prefixed =
        std::any_of(tensors.begin(), tensors.end(), [](const auto& entry) { return !network_of(entry.first).empty(); });
    if (!prefixed) {
        const bool generator = has_prefix(tensors, "synthesis.") || has_prefix(tensors, "mapping.fc");
        const bool discriminator = has_prefix(tensors, "b4.out.");
        if (!generator && !discriminator) {
            fail("holds {} tensors, but none of a StyleGAN2-ADA network (synthesis.*, mapping.*): the names it needs "
                 "are "
                 "missing",
                 tensors.size());
        }
        NetworkData& network = into.networks[generator ? "G_ema" : "D"];
        for (auto& [name, value] : tensors) {
            add_tensor(network, std::move(name), std::move(value));
        }
        return;
    }
    std::size_t ignored = 0;
    for (auto& [name, value] : tensors) {
        const std::string_view network = network_of(name);
        if (network.empty()) {
            ++ignored;
            continue;
        }
        add_tensor(into.networks[std::string(network)], name.substr(network.size() + 1), std::move(value));
    }
    if (ignored > 0) {
        into.warnings.push_back(fmt::format("{} tensors belong to no network and are ignored", ignored));
    }
}

bool is_state_dict(const ModelSource& source) {
    return source.root != nullptr;
}

void read_state_dict(ModelSource& source, CheckpointFile& into) {
    into.kind = FileKind::plain_pt;
    into.description = source.container == ModelContainer::zip ? "PyTorch state dict (zip)"
                       : source.container == ModelContainer::legacy
                           ? "PyTorch state dict (legacy)"
                           : fmt::format("pickled state dict (protocol {})", source.protocol);
    add_state_dicts(*source.root, *source.tensors, into);
}

void add_state_dicts(const PickleValue& root, TensorReader& reader, CheckpointFile& into) {
    if (!root.is(PickleKind::dict)) {
        fail("holds {} at its top level, not a dictionary of networks or tensors", describe(root));
    }
    if (is_rosinality(root)) {
        fail(
            "is a checkpoint of rosinality's stylegan2-pytorch; only those of the StyleGAN2-ADA code are read, and the "
            "tensors with their names are missing; convert it first");
    }
    bool nested = false;
    for (const std::string_view name : network_names) {
        const PickleValue* dict = find_key(root, name);
        if (dict != nullptr && dict->is(PickleKind::dict)) {
            add_network_dict(std::string(name) + ".", *dict, reader, into.networks[std::string(name)]);
            nested = true;
        }
    }
    if (nested) {
        return;
    }
    const bool any_tensor = std::any_of(root.items.begin(), root.items.end(),
                                        [](const PickleValue* item) { return TensorReader::is_tensor(*item); });
    if (!any_tensor) {
        fail("holds a dictionary with neither networks (G_ema, G, D) nor tensors in it");
    }
    std::vector<std::pair<std::string, at::Tensor>> tensors;
    NetworkData all;
    add_network_dict("", root, reader, all);
    for (NamedTensor& tensor : all.tensors) {
        tensors.emplace_back(std::move(tensor.name), std::move(tensor.value));
    }
    add_plain_networks(std::move(tensors), into);
}

} // namespace atelier::io
