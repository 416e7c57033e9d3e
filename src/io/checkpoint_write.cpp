// SPDX-License-Identifier: Apache-2.0
#include "io/checkpoint_write.h"

#include <cmath>

#include "base/error.h"
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

void write_checkpoint(const std::filesystem::path& path, const CheckpointFile& file, const WriteOptions& options) {
    nlohmann::ordered_json description = nlohmann::ordered_json::object();
    description["format"] = 1;
    nlohmann::ordered_json networks = nlohmann::ordered_json::object();
    std::vector<std::pair<std::string, at::Tensor>> tensors;
    for (const auto& [network, data] : file.networks) {
        nlohmann::ordered_json buffers = nlohmann::ordered_json::array();
        for (const NamedTensor& tensor : data.tensors) {
            const bool half = options.half && !tensor.buffer && fits_half(tensor.value);
            tensors.emplace_back(network + "." + tensor.name, half ? tensor.value.to(at::kHalf) : tensor.value);
            if (tensor.buffer) {
                buffers.push_back(tensor.name);
            }
        }
        networks[network] = {{"class_name", data.class_name},
                             {"init_kwargs", data.init_kwargs},
                             {"attributes", data.attributes},
                             {"buffers", std::move(buffers)}};
    }
    for (const auto& [name, value] : file.trainer) {
        tensors.emplace_back("trainer." + name, value);
    }
    description["networks"] = std::move(networks);
    for (const auto& [key, value] : file.metadata.items()) {
        if (key == "format" || key == "networks") {
            fail("{}: can't be written: metadata may not be named {}", path.string(), key);
        }
        description[key] = value;
    }
    write_safetensors(
        path, tensors,
        {{"atelier", description.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)}});
}

} // namespace atelier::io
