// SPDX-License-Identifier: Apache-2.0
#include "model/load.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include <fmt/ranges.h>

#include "base/error.h"
#include "model/config_json.h"

namespace atelier::model {
namespace {

class FileTensors {
public:
    FileTensors(const io::NetworkData& data, const std::string& what) : data_(data), what_(what) {
        for (const io::NamedTensor& tensor : data.tensors) {
            index_[tensor.name] = &tensor;
        }
    }

    TensorSource source() {
        return [this](const std::string& name, at::IntArrayRef shape, bool buffer, const Init& init) {
            const auto found = index_.find(name);
            if (found == index_.end()) {
                // Some writers leave the fixed filters out.
                if (init.kind == Init::Kind::values) {
                    return Parameter{name, init.values.to(at::kFloat).clone(), buffer};
                }
                fail("{} lacks the tensor {} of shape [{}] among the {} that it holds.", what_, name,
                     fmt::join(shape, ", "), data_.tensors.size());
            }
            const io::NamedTensor& tensor = *found->second;
            if (tensor.value.sizes() != shape) {
                fail("{}: the tensor {} has shape [{}], it needs [{}].", what_, name,
                     fmt::join(tensor.value.sizes(), ", "), fmt::join(shape, ", "));
            }
            if (!at::isFloatingType(tensor.value.scalar_type())) {
                fail("{}: the tensor {} holds whole numbers, it needs floating-point ones.", what_, name);
            }
            used_.insert(name);
            return Parameter{name, tensor.value.to(at::kFloat).contiguous(), tensor.buffer || buffer};
        };
    }

    // What a network of these sizes has no layer for: a block or layer too many is a file that isn't understood.
    void refuse_the_rest(std::vector<std::string>& warnings) const {
        std::size_t layers = 0, others = 0;
        std::string first_layer, first_other;
        for (const io::NamedTensor& tensor : data_.tensors) {
            if (used_.contains(tensor.name)) {
                continue;
            }
            if (is_layer(tensor.name)) {
                first_layer = layers++ == 0 ? tensor.name : first_layer;
            } else {
                first_other = others++ == 0 ? tensor.name : first_other;
            }
        }
        if (layers > 0) {
            fail("{}: holds {} tensors, and the network that they and its options describe has {}; the first left over "
                 "is {}.",
                 what_, data_.tensors.size() - others, used_.size(), first_layer);
        }
        if (others > 0) {
            warnings.push_back(fmt::format("{}: {} tensor{} that no layer asks for, the first is {}.", what_, others,
                                           others == 1 ? "" : "s", first_other));
        }
    }

private:
    static bool is_layer(const std::string& name) {
        return name.starts_with("synthesis.") || name.starts_with("mapping.") ||
               (name.size() > 1 && name[0] == 'b' && name[1] >= '0' && name[1] <= '9');
    }

    const io::NetworkData& data_;
    const std::string& what_;
    std::unordered_map<std::string, const io::NamedTensor*> index_;
    std::unordered_set<std::string> used_;
};

io::NetworkData network_data(const char* class_name, nlohmann::json kwargs, const Parameters& parameters) {
    io::NetworkData data;
    data.class_name = class_name;
    data.init_kwargs = std::move(kwargs);
    data.attributes = nlohmann::json::object();
    for (const Parameter& parameter : parameters.all()) {
        data.tensors.push_back({parameter.name, parameter.value, parameter.buffer});
    }
    return data;
}

Discriminator discriminator_of(const io::NetworkData& data, const std::string& what, std::vector<std::string>& warnings,
                               const FirstBlock* generator) {
    FileTensors tensors(data, what);
    Discriminator discriminator(discriminator_config(data, what, warnings, generator), tensors.source());
    tensors.refuse_the_rest(warnings);
    return discriminator;
}

std::optional<FirstBlock> generators_first_block(const io::CheckpointFile& file) {
    for (const char* name : {"G_ema", "G"}) {
        const auto network = file.networks.find(name);
        if (network == file.networks.end()) {
            continue;
        }
        for (const io::NamedTensor& tensor : network->second.tensors) {
            if (tensor.name == "synthesis.b4.const" && tensor.value.dim() == 3) {
                return FirstBlock{static_cast<int>(tensor.value.size(1)), static_cast<int>(tensor.value.size(2))};
            }
        }
    }
    return std::nullopt;
}

} // namespace

Generator load_generator(const io::NetworkData& data, const std::string& what, std::vector<std::string>& warnings) {
    FileTensors tensors(data, what);
    Generator generator(generator_config(data, what, warnings), tensors.source());
    tensors.refuse_the_rest(warnings);
    return generator;
}

Discriminator load_discriminator(const io::NetworkData& data, const std::string& what,
                                 std::vector<std::string>& warnings) {
    return discriminator_of(data, what, warnings, nullptr);
}

Discriminator load_discriminator(const io::CheckpointFile& file, const std::string& path,
                                 std::vector<std::string>& warnings) {
    const std::optional<FirstBlock> first = generators_first_block(file);
    return discriminator_of(file.networks.at("D"), path + ": D", warnings, first ? &*first : nullptr);
}

PictureRatio picture_ratio(const io::CheckpointFile& file, const std::string& path,
                           std::vector<std::string>& warnings) {
    // Other programs' plain safetensors may say anything in their metadata.
    if (file.kind == io::FileKind::plain_safetensors || !file.metadata.contains("ratio")) {
        return {};
    }
    const std::optional<PictureRatio> ratio = ratio_from_json(file.metadata["ratio"]);
    if (!ratio) {
        warnings.push_back(fmt::format("{}: its ratio is not two whole numbers from 1 to {}, such as [5,4], so its "
                                       "pictures are shown square.",
                                       path, most_of_ratio));
    }
    return ratio.value_or(PictureRatio{});
}

void set_picture_ratio(io::CheckpointFile& file, PictureRatio ratio) {
    if (!ratio.square()) {
        file.metadata["ratio"] = to_json(ratio);
    }
}

ClassFacts class_facts(const io::CheckpointFile& file) {
    ClassFacts facts;
    const auto list = [&](const char* key) {
        const bool there = file.metadata.is_object() && file.metadata.contains(key) && file.metadata[key].is_array();
        return there ? file.metadata[key] : nlohmann::json::array();
    };
    const nlohmann::json names = list("classes"), pictures = list("class_pictures");
    if (std::ranges::all_of(names, [](const auto& name) { return name.is_string(); })) {
        facts.names = names.get<std::vector<std::string>>();
    }
    if (std::ranges::all_of(pictures, [](const auto& count) { return count.is_number_unsigned(); })) {
        facts.pictures = pictures.get<std::vector<std::int64_t>>();
    }
    return facts;
}

void set_class_facts(io::CheckpointFile& file, const ClassFacts& facts) {
    if (!facts.names.empty()) {
        file.metadata["classes"] = facts.names;
    }
    if (!facts.pictures.empty()) {
        file.metadata["class_pictures"] = facts.pictures;
    }
}

io::NetworkData to_network_data(const Generator& generator) {
    return network_data("Generator", to_kwargs(generator.config), generator.parameters);
}

io::NetworkData to_network_data(const Discriminator& discriminator) {
    return network_data("Discriminator", to_kwargs(discriminator.config), discriminator.parameters);
}

} // namespace atelier::model
