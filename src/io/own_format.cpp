// SPDX-License-Identifier: Apache-2.0
#include "io/own_format.h"

#include "base/error.h"
#include "io/network_reading.h"
#include "io/own_description.h"
#include "io/state_dict.h"

namespace atelier::io {

namespace {

void read_networks(const nlohmann::json& networks, std::vector<std::pair<std::string, at::Tensor>> tensors,
                   CheckpointFile& into) {
    std::map<std::string, std::set<std::string>> buffers;
    for (const auto& [name, stored] : networks.items()) {
        if (name != "G" && name != "D" && name != "G_ema" && name != "augment_pipe") {
            fail("its description names an unknown network {}", name);
        }
        NetworkData& network = into.networks[name];
        network.init_kwargs = network.attributes = nlohmann::json::object();
        buffers[name] = read_network_description(stored, name, network);
    }
    for (auto& [full, value] : tensors) {
        const std::size_t dot = full.find('.');
        if (full.starts_with("trainer.")) {
            into.trainer.emplace_back(full.substr(dot + 1), std::move(value));
            continue;
        }
        const auto network = into.networks.find(full.substr(0, dot));
        if (dot == std::string::npos || network == into.networks.end()) {
            fail("tensor {} belongs to none of the networks it describes", full);
        }
        std::string name = full.substr(dot + 1);
        check_name(name);
        const bool buffer = buffers[network->first].contains(name);
        network->second.tensors.push_back({std::move(name), std::move(value), buffer});
    }
}

void read_own(const std::string& description, std::vector<std::pair<std::string, at::Tensor>> tensors,
              CheckpointFile& into) {
    auto json = nlohmann::json::parse(description, nullptr, false);
    if (!json.is_object() || !json.contains("format") || !json["format"].is_number_unsigned()) {
        fail("its description (metadata entry atelier) is no JSON object with a format number");
    }
    const auto format = json["format"].get<std::uint64_t>();
    if (format != own_format) {
        fail("has version {} of the Atelier format and this program reads version {}; a newer program may read it",
             format, own_format);
    }
    if (!json.contains("networks") || !json["networks"].is_object() || json["networks"].empty()) {
        fail("its description names no networks");
    }
    into.kind = FileKind::atelier_safetensors;
    into.description = fmt::format("Atelier safetensors (version {})", format);
    read_networks(json["networks"], std::move(tensors), into);
    json.erase("format");
    json.erase("networks");
    into.metadata = std::move(json);
}

} // namespace

bool is_own_safetensors(const ModelSource& source) {
    return source.container == ModelContainer::safetensors && source.safetensors.metadata.contains("atelier");
}

void read_own_safetensors(ModelSource& source, CheckpointFile& into) {
    read_own(source.safetensors.metadata.at("atelier"), std::move(source.safetensors.tensors), into);
}

bool is_plain_safetensors(const ModelSource& source) {
    return source.container == ModelContainer::safetensors;
}

void read_plain_safetensors(ModelSource& source, CheckpointFile& into) {
    into.kind = FileKind::plain_safetensors;
    into.description = "plain safetensors";
    into.metadata = source.safetensors.metadata;
    read_found_networks(source, into);
}

} // namespace atelier::io
