// SPDX-License-Identifier: Apache-2.0
#include "io/own_description.h"

#include "base/error.h"

namespace atelier::io {

std::set<std::string> read_network_description(const nlohmann::json& described, const std::string& name,
                                               NetworkData& network) {
    if (!described.is_object()) {
        fail("its description of network {} is no object", name);
    }
    const auto told = [&](const char* key, nlohmann::json::value_t type, bool none_is_fine) {
        const auto found = described.find(key);
        const bool there = found != described.end();
        if (there && found->type() != type && !(none_is_fine && found->is_null())) {
            fail("its description of network {} has {} of the wrong type", name, key);
        }
        return there ? &*found : nullptr;
    };
    using Type = nlohmann::json::value_t;
    network.channels_are_claims = false;
    if (const auto* text = told("class_name", Type::string, false)) {
        network.class_name = text->get<std::string>();
    }
    if (const auto* options = told("init_kwargs", Type::object, true)) {
        network.init_kwargs = *options;
    }
    if (const auto* attributes = told("attributes", Type::object, true)) {
        network.attributes = *attributes;
    }
    std::set<std::string> buffers;
    if (const auto* listed = told("buffers", Type::array, false)) {
        for (const auto& buffer : *listed) {
            if (!buffer.is_string()) {
                fail("its list of buffers of network {} holds something that is no name", name);
            }
            buffers.insert(buffer.get<std::string>());
        }
    }
    return buffers;
}

void apply_description(std::string_view text, CheckpointFile& into) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || json.value("format", nlohmann::json()) != own_format) {
        fail("its entry atelier is no JSON object with the format number {}", own_format);
    }
    for (const auto& [key, value] : json.items()) {
        if (key == "networks") {
            for (const auto& [name, described] : value.items()) {
                if (const auto found = into.networks.find(name); found != into.networks.end()) {
                    const std::set<std::string> buffers = read_network_description(described, name, found->second);
                    for (NamedTensor& tensor : found->second.tensors) {
                        tensor.buffer = described.contains("buffers") ? buffers.contains(tensor.name) : tensor.buffer;
                    }
                }
            }
        } else if (key != "format") {
            into.metadata[key] = value;
        }
    }
}

} // namespace atelier::io
