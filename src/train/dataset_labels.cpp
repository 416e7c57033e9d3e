// SPDX-License-Identifier: Apache-2.0
#include "train/dataset_labels.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace atelier::train {

// read_set_labels gives classes below 65536.
Labels::Labels(std::vector<std::vector<float>> vectors, std::vector<std::int64_t> numbers, ClassFacts facts)
    : classes(std::move(facts)), numbers_(numbers.begin(), numbers.end()) {
    if (!numbers.empty()) {
        width_ = static_cast<int>(*std::ranges::max_element(numbers)) + 1;
    } else if (!vectors.empty()) {
        width_ = static_cast<int>(vectors.front().size());
        values_.reserve(vectors.size() * vectors.front().size());
        for (const std::vector<float>& vector : vectors) {
            values_.insert(values_.end(), vector.begin(), vector.end());
        }
    }
}

void Labels::copy(std::size_t picture, float* into) const {
    const auto width = static_cast<std::size_t>(width_);
    if (one_hot()) {
        std::fill_n(into, width, 0.0F);
        into[numbers_.at(picture)] = 1;
    } else {
        std::copy_n(values_.data() + picture * width, width, into);
    }
}

Labels parse_labels(const SetDescription& description, const std::vector<std::string>& names, const std::string& what) {
    SetLabels labels = read_set_labels(description, names);
    if (!labels.troubles.empty()) {
        fail("{}: {}.", what, labels.troubles.front());
    }
    ClassFacts facts;
    if (!labels.classes.empty()) {
        facts = {labels.class_names, labels.pictures_of_classes()};
    }
    return {std::move(labels.vectors), std::move(labels.classes), std::move(facts)};
}

} // namespace atelier::train
