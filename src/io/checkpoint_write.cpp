// SPDX-License-Identifier: Apache-2.0
#include "io/checkpoint_write.h"

#include <cmath>

#include "base/error.h"
#include "io/own_description.h"
#include "io/safetensors.h"

namespace atelier::io {

namespace {

constexpr float largest_half = 65504.0F;

bool fits_half(const at::Tensor& tensor) {
    if (tensor.scalar_type() != at::kFloat) {
        return false;
    }
    const at::Tensor plain = tensor.cpu().contiguous();
    const float* values = plain.const_data_ptr<float>();
    for (std::int64_t i = 0; i < plain.numel(); ++i) {
        if (std::isfinite(values[i]) && std::abs(values[i]) > largest_half) {
            return false;
        }
    }
    return true;
}

} // namespace

at::Tensor stored_value(const NamedTensor& tensor, const WriteOptions& options) {
    const bool smaller = !tensor.buffer && tensor.value.scalar_type() == at::kFloat;
    if (smaller && options.stored == Stored::f16 && fits_half(tensor.value)) {
        return tensor.value.to(at::kHalf);
    }
    return smaller && options.stored == Stored::bf16 ? tensor.value.to(at::kBFloat16) : tensor.value;
}

std::string description_text(const CheckpointFile& file, bool with_networks) {
    nlohmann::ordered_json description = nlohmann::ordered_json::object();
    description["format"] = own_format;
    if (with_networks) {
        nlohmann::ordered_json networks = nlohmann::ordered_json::object();
        for (const auto& [network, data] : file.networks) {
            nlohmann::ordered_json buffers = nlohmann::ordered_json::array();
            for (const NamedTensor& tensor : data.tensors) {
                if (tensor.buffer) {
                    buffers.push_back(tensor.name);
                }
            }
            networks[network] = {{"class_name", data.class_name},
                                 {"init_kwargs", data.init_kwargs},
                                 {"attributes", data.attributes},
                                 {"buffers", std::move(buffers)}};
        }
        description["networks"] = std::move(networks);
    }
    for (const auto& [key, value] : file.metadata.items()) {
        if (key == "format" || key == "networks") {
            fail("can't be written: metadata may not be named {}", key);
        }
        description[key] = value;
    }
    return description.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void write_checkpoint(const std::filesystem::path& path, const CheckpointFile& file, const WriteOptions& options) {
    std::vector<std::pair<std::string, at::Tensor>> tensors;
    for (const auto& [network, data] : file.networks) {
        for (const NamedTensor& tensor : data.tensors) {
            tensors.emplace_back(network + "." + tensor.name, stored_value(tensor, options));
        }
    }
    for (const auto& [name, value] : file.trainer) {
        tensors.emplace_back("trainer." + name, value);
    }
    std::string description;
    try {
        description = description_text(file);
    } catch (const Error& error) {
        fail("{}: {}", path.string(), error.what());
    }
    write_safetensors(path, tensors, {{"atelier", description}});
}

} // namespace atelier::io
