// SPDX-License-Identifier: Apache-2.0
#include "model/kwargs.h"

#include <cmath>

#include "base/error.h"

namespace atelier::model {
namespace {

std::string brief(const nlohmann::json& value) {
    return value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace).substr(0, 40);
}

} // namespace

Kwargs::Kwargs(const nlohmann::json& object, std::string what) : object_(object), what_(std::move(what)) {
    if (object_.is_null()) {
        object_ = nlohmann::json::object();
    }
    if (!object_.is_object()) {
        fail("{}: the stored options are no table of names and values.", what_);
    }
}

const nlohmann::json* Kwargs::find(const char* name) const {
    const auto found = object_.find(name);
    return found == object_.end() ? nullptr : &*found;
}

int Kwargs::integer(const char* name, int fallback) const {
    const nlohmann::json* value = find(name);
    if (value == nullptr || value->is_null()) {
        return fallback;
    }
    const double number = value->is_number() ? value->get<double>() : std::nan("");
    if (number != std::floor(number) || std::abs(number) > 1e9) { // NaN differs from itself
        fail("{}: the option {} is {}, it has to be a whole number.", what_, name, brief(*value));
    }
    return static_cast<int>(number);
}

double Kwargs::number(const char* name, double fallback) const {
    return optional_number(name, fallback).value_or(fallback);
}

std::optional<double> Kwargs::optional_number(const char* name, std::optional<double> fallback) const {
    const nlohmann::json* value = find(name);
    if (value == nullptr) {
        return fallback;
    }
    if (value->is_null()) {
        return std::nullopt;
    }
    if (!value->is_number() || !std::isfinite(value->get<double>())) {
        fail("{}: the option {} is {}, it has to be a number.", what_, name, brief(*value));
    }
    return value->get<double>();
}

bool Kwargs::boolean(const char* name, bool fallback) const {
    const nlohmann::json* value = find(name);
    if (value == nullptr || value->is_null()) {
        return fallback;
    }
    if (!value->is_boolean()) {
        fail("{}: the option {} is {}, it has to be true or false.", what_, name, brief(*value));
    }
    return value->get<bool>();
}

std::string Kwargs::text(const char* name, const std::string& fallback) const {
    const nlohmann::json* value = find(name);
    if (value == nullptr || value->is_null()) {
        return fallback;
    }
    if (!value->is_string()) {
        fail("{}: the option {} is {}, it has to be a name.", what_, name, brief(*value));
    }
    return value->get<std::string>();
}

std::vector<double> Kwargs::numbers(const char* name, const std::vector<double>& fallback) const {
    const nlohmann::json* value = find(name);
    if (value == nullptr || value->is_null()) {
        return fallback;
    }
    bool good = value->is_array() && !value->empty() && value->size() <= 64;
    std::vector<double> result;
    for (std::size_t i = 0; good && i < value->size(); ++i) {
        good = (*value)[i].is_number();
        result.push_back(good ? (*value)[i].get<double>() : 0);
    }
    if (!good) {
        fail("{}: the option {} is {}, it has to be a list of 1 to 64 numbers.", what_, name, brief(*value));
    }
    return result;
}

Kwargs Kwargs::sub(const char* name) const {
    const nlohmann::json* value = find(name);
    return {value == nullptr ? nlohmann::json::object() : *value, what_};
}

Kwargs Kwargs::overlaid(const char* name) const {
    Kwargs result = *this;
    const Kwargs top = sub(name);
    const Kwargs block = top.sub("block_kwargs");
    result.object_.update(top.object_);
    result.object_.update(block.object_);
    result.object_.update(block.sub("layer_kwargs").object_);
    return result;
}

Shapes::Shapes(const io::NetworkData& data, std::string what) : data_(&data), what_(std::move(what)) {
    for (const io::NamedTensor& tensor : data.tensors) {
        index_[tensor.name] = &tensor.value;
    }
}

std::int64_t Shapes::size(const std::string& name, int rank, int dim) const {
    const auto found = index_.find(name);
    if (found == index_.end()) {
        fail("{} lacks the tensor {}, so it is no StyleGAN2 network.", what_, name);
    }
    if (found->second->dim() != rank) {
        fail("{}: the tensor {} has {} dimensions, it needs {}.", what_, name, found->second->dim(), rank);
    }
    const std::int64_t value = found->second->size(dim);
    if (value < 1 || value > 65536) {
        fail("{}: dimension {} of the tensor {} is {}, which no network has.", what_, dim, name, value);
    }
    return value;
}

int Shapes::count_layers(const std::string& prefix) const {
    int count = 0;
    while (has(fmt::format("{}{}.weight", prefix, count))) {
        ++count;
    }
    if (count == 0) {
        fail("{} lacks the tensor {}0.weight, so it is no StyleGAN2 network.", what_, prefix);
    }
    return count;
}

void Shapes::read_filter(const std::string& name, std::vector<double>& taps) const {
    const auto found = index_.find(name);
    if (found == index_.end()) {
        return;
    }
    const at::Tensor& filter = *found->second;
    const bool square = filter.dim() == 2 && filter.size(0) == filter.size(1);
    if ((filter.dim() != 1 && !square) || filter.size(-1) < 1 || filter.size(-1) > 64) {
        fail("{}: the tensor {} is no resampling filter of 1 to 64 taps.", what_, name);
    }
    if (filter.size(-1) == static_cast<std::int64_t>(taps.size())) {
        return;
    }
    const at::Tensor row = (filter.dim() == 2 ? filter.to(at::kDouble).sum(0) : filter.to(at::kDouble)).contiguous();
    taps.assign(row.const_data_ptr<double>(), row.const_data_ptr<double>() + row.numel());
}

const nlohmann::json* Shapes::attribute(const std::string& module, const char* name) const {
    const auto found = data_->attributes.find(module);
    if (found == data_->attributes.end() || !found->is_object()) {
        return nullptr;
    }
    const auto value = found->find(name);
    return value == found->end() ? nullptr : &*value;
}

std::optional<int> Shapes::count_fp16(const std::string& prefix, int resolution) const {
    int count = 0;
    bool known = false;
    for (int res = 8; res <= resolution; res *= 2) {
        if (const auto* value = attribute(fmt::format("{}b{}", prefix, res), "use_fp16");
            value && value->is_boolean()) {
            known = true;
            count += value->get<bool>() ? 1 : 0;
        }
    }
    return known ? std::optional<int>(count) : std::nullopt;
}

} // namespace atelier::model
