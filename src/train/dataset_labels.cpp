// SPDX-License-Identifier: Apache-2.0
#include "train/dataset_labels.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace atelier::train {
namespace {

constexpr std::int64_t most_classes = 65536;

bool is_finite_number(const nlohmann::json& value) {
    return value.is_number() && std::isfinite(value.get<float>());
}

} // namespace

Labels parse_labels(const nlohmann::json& description, const std::vector<std::string>& names, const std::string& what) {
    if (!description.is_object()) {
        fail("{}: is no JSON object; write {{\"labels\": null}} or a list of file names and classes.", what);
    }
    const auto labels = description.value("labels", nlohmann::json());
    if (labels.is_null()) {
        return {};
    }
    std::map<std::string, nlohmann::json> by_name;
    if (labels.is_object()) {
        by_name = labels.get<std::map<std::string, nlohmann::json>>();
    } else if (labels.is_array()) {
        for (const auto& pair : labels) {
            if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string()) {
                fail("{}: its labels are no list of pairs of a file name and a class.", what);
            }
            by_name[pair[0].get<std::string>()] = pair[1];
        }
    } else {
        fail("{}: its labels are neither a list nor null.", what);
    }
    std::vector<std::int64_t> classes;
    std::vector<std::vector<float>> vectors;
    for (const std::string& name : names) {
        const auto found = by_name.find(name);
        if (found == by_name.end()) {
            fail("{}: has no label for {}.", what, name);
        }
        const nlohmann::json& label = found->second;
        if (label.is_number_integer() && label >= 0 && label < most_classes) {
            classes.push_back(label.get<std::int64_t>());
        } else if (label.is_array() && !label.empty() && label.size() <= most_classes &&
                   std::all_of(label.begin(), label.end(), is_finite_number)) {
            vectors.push_back(label.get<std::vector<float>>());
        } else {
            fail("{}: the label of {} is neither a class from 0 to {} nor a list of numbers.", what, name,
                 most_classes - 1);
        }
    }
    const auto n = static_cast<std::int64_t>(names.size());
    if (vectors.empty()) {
        const std::int64_t width = *std::max_element(classes.begin(), classes.end()) + 1;
        at::Tensor values = at::zeros({n, width}, at::kFloat);
        for (std::int64_t i = 0; i < n; ++i) {
            values.mutable_data_ptr<float>()[i * width + classes[static_cast<std::size_t>(i)]] = 1;
        }
        return {values, true};
    }
    const std::size_t width = vectors.front().size();
    if (!classes.empty() ||
        std::any_of(vectors.begin(), vectors.end(), [&](const auto& v) { return v.size() != width; })) {
        fail("{}: its labels are of different kinds or lengths.", what);
    }
    at::Tensor values = at::empty({n, static_cast<std::int64_t>(width)}, at::kFloat);
    for (std::int64_t i = 0; i < n; ++i) {
        const std::vector<float>& vector = vectors[static_cast<std::size_t>(i)];
        std::copy(vector.begin(), vector.end(),
                  values.mutable_data_ptr<float>() + i * static_cast<std::int64_t>(width));
    }
    return {values, false};
}

} // namespace atelier::train
