// SPDX-License-Identifier: Apache-2.0
#include "io/own_description.h"

#include <set>

#include "base/error.h"

namespace atelier::io {

namespace {

void apply_to(NetworkData& network, const std::string& name, const nlohmann::json& described) {
    const auto kind = [&](const char* key, const nlohmann::json& fallback) {
        nlohmann::json value = described.is_object() ? described.value(key, fallback) : nlohmann::json();
        if (value.type() != fallback.type()) {
            fail("its description of network {} lacks {}, or has one of the wrong type", name, key);
        }
        return value;
    };
    network.channels_are_claims = false;
    network.class_name = kind("class_name", "").get<std::string>();
    network.init_kwargs = kind("init_kwargs", nlohmann::json::object());
    network.attributes = kind("attributes", nlohmann::json::object());
    std::set<std::string> buffers;
    for (const auto& buffer : kind("buffers", nlohmann::json::array())) {
        if (!buffer.is_string()) {
            fail("its list of buffers of network {} holds something that is no name", name);
        }
        buffers.insert(buffer.get<std::string>());
    }
    for (NamedTensor& tensor : network.tensors) {
        tensor.buffer = buffers.contains(tensor.name);
    }
}

} // namespace

void apply_description(std::string_view text, CheckpointFile& into) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || json.value("format", nlohmann::json()) != own_format) {
        fail("its entry atelier is no JSON object with the format number {}", own_format);
    }
    for (const auto& [key, value] : json.items()) {
        if (key == "networks") {
            for (const auto& [name, described] : value.items()) {
                if (const auto found = into.networks.find(name); found != into.networks.end()) {
                    apply_to(found->second, name, described);
                }
            }
        } else if (key != "format") {
            into.metadata[key] = value;
        }
    }
}

} // namespace atelier::io
