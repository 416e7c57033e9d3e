// SPDX-License-Identifier: Apache-2.0
#include "io/network_reading.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/ranges.h>

#include "io/model_formats.h"
#include "io/nvidia_pickle.h"
#include "io/rosinality.h"
#include "io/state_dict.h"

namespace atelier::io {

namespace {

[[noreturn]] void fail_without_networks(const ModelSource& source) {
    const std::size_t tensors = source.tree.tensors.size();
    if (tensors > 0) {
        fail("holds {} tensors, but none of a StyleGAN2 network (such as synthesis.b4.const, mapping.fc0.weight, or "
             "rosinality's style.1.weight): the names it needs are missing",
             tensors);
    }
    if (source.root != nullptr && !source.root->is(PickleKind::dict)) {
        fail("holds {} at its top level, not a dictionary of networks or tensors", describe(*source.root));
    }
    fail("holds a dictionary with neither networks (G_ema, G, D) nor tensors in it");
}

void refuse_stylegan3(const ModelSource& source) {
    const auto found = [&](NetworkKind kind) {
        return std::any_of(source.found.begin(), source.found.end(),
                           [&](const FoundNetwork& network) { return network.kind == kind; });
    };
    if (found(NetworkKind::stylegan3) && !found(NetworkKind::generator) && !found(NetworkKind::rosinality_generator)) {
        fail("is a StyleGAN3 model: its generator begins with synthesis.input, and StyleGAN2 and StyleGAN2-ADA are "
             "played. What is read: {}",
             names_of_read_formats());
    }
}

// The tensors of one network that stand in the file without a module around them.
NetworkData read_tensors(const FoundNetwork& network, ModelSource& source) {
    NetworkData data;
    std::unordered_set<std::string_view> names;
    for (const TreeTensor& tensor : source.tree.tensors) {
        const std::string_view full = tensor.name;
        if (!full.starts_with(network.prefix) || !belongs(network.kind, full.substr(network.prefix.size()))) {
            continue;
        }
        const std::string_view name = full.substr(network.prefix.size());
        if (!names.insert(name).second) {
            fail("tensor {} is there twice", printable(full));
        }
        check_name(name);
        at::Tensor value = tensor.tensor != nullptr ? *tensor.tensor : source.tensors->read(*tensor.value, tensor.name);
        data.tensors.push_back({std::string(name), std::move(value), is_buffer_name(std::string(name))});
    }
    for (const TreeValue& other : source.tree.others) {
        const std::string_view full = other.path;
        if (full.starts_with(network.prefix) && belongs(network.kind, full.substr(network.prefix.size())) &&
            network.kind != NetworkKind::augment_pipe) {
            fail("tensor {}: is {}, not a tensor", printable(full), describe(*other.value));
        }
    }
    return data;
}

} // namespace

void read_found_networks(ModelSource& source, CheckpointFile& into) {
    refuse_stylegan3(source);
    // In our own files of the public code's kind, what is missing of G and G_ema is the other one (nvidia_write.h).
    const bool ours = source.root != nullptr && find_key(*source.root, "atelier") != nullptr;
    const auto average = std::find_if(source.found.begin(), source.found.end(),
                                      [](const FoundNetwork& network) { return network.name == "G_ema"; });
    for (const FoundNetwork& network : source.found) {
        if (network.name.empty() || network.kind == NetworkKind::stylegan3) {
            continue;
        }
        if (ours && network.name == "G" && network.module != nullptr && average != source.found.end() &&
            average->module == network.module) {
            continue;
        }
        NetworkData data = network.module != nullptr ? read_module(*network.module, *source.tensors, network.name)
                                                     : read_tensors(network, source);
        if (network.kind == NetworkKind::rosinality_generator) {
            data = convert_rosinality_generator(std::move(data), source, network.name, into.warnings);
        } else if (network.kind == NetworkKind::rosinality_discriminator) {
            data = convert_rosinality_discriminator(std::move(data));
        }
        into.networks[network.name] = std::move(data);
    }
    if (into.networks.empty() || (into.networks.size() == 1 && into.networks.contains("augment_pipe"))) {
        fail_without_networks(source);
    }
    if (const std::vector<std::string> parts = parts_left_out(source.tree, source.found); !parts.empty()) {
        into.warnings.push_back(
            fmt::format("left out, because it is no part of a StyleGAN2 network: {}", fmt::join(parts, ", ")));
    }
}

} // namespace atelier::io
