// SPDX-License-Identifier: Apache-2.0
#include "train/dataset_labels.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace atelier::train {
namespace {

at::Tensor one_hot_of(const std::vector<std::int64_t>& classes) {
    const std::int64_t width = *std::ranges::max_element(classes) + 1;
    at::Tensor values = at::zeros({static_cast<std::int64_t>(classes.size()), width}, at::kFloat);
    auto* row = values.mutable_data_ptr<float>();
    for (const std::int64_t label : classes) {
        row[label] = 1;
        row += width;
    }
    return values;
}

at::Tensor rows_of(const std::vector<std::vector<float>>& vectors) {
    const auto n = static_cast<std::int64_t>(vectors.size());
    at::Tensor values = at::empty({n, static_cast<std::int64_t>(vectors.front().size())}, at::kFloat);
    auto* row = values.mutable_data_ptr<float>();
    for (const std::vector<float>& vector : vectors) {
        row = std::ranges::copy(vector, row).out;
    }
    return values;
}

} // namespace

Labels parse_labels(const SetDescription& description, const std::vector<std::string>& names, const std::string& what) {
    const SetLabels labels = read_set_labels(description, names);
    if (!labels.troubles.empty()) {
        fail("{}: {}.", what, labels.troubles.front());
    }
    if (!labels.classes.empty()) {
        return {one_hot_of(labels.classes), true, {labels.class_names, labels.pictures_of_classes()}};
    }
    return {labels.vectors.empty() ? at::Tensor() : rows_of(labels.vectors), false, {}};
}

} // namespace atelier::train
