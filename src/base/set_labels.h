// SPDX-License-Identifier: Apache-2.0
// SetLabels: the labels of a training set's dataset.json, as the trainer and the doctor of sets both read them. No
// torch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace atelier {

struct SetLabels {
    std::vector<std::int64_t> classes;       // one for each name, 0..65535; or
    std::vector<std::vector<float>> vectors; // one for each name, finite, all of one length; or neither: no labels
    // What is wrong, each to be read after the file's name, without a full stop; with any, the rest is empty.
    std::vector<std::string> troubles;
};

// Of the file's JSON: {"labels": [["00000/img00000000.png", 3], ...]}, an object of names, null, or lists of numbers
// instead of classes. `names`: the set's pictures; labels of other files don't matter.
SetLabels read_set_labels(const nlohmann::json& description, const std::vector<std::string>& names);

} // namespace atelier
