// SPDX-License-Identifier: Apache-2.0
// The labels of a dataset.json: {"labels": [["00000/img00000000.png", 3], ...]}, null, or vectors instead of numbers.
#pragma once

#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "base/class_facts.h"
#include "base/set_labels.h"

namespace atelier::train {

struct Labels {
    at::Tensor values;    // float32 [names,label_dim], whole numbers as one-hot of width largest + 1; or undefined
    bool one_hot = false; // they were whole numbers
    ClassFacts classes;   // then
};

// Of the file's JSON. Throws Error beginning with `what` if it is no such object (also where it could not be parsed),
// lacks a name, or mixes kinds.
Labels parse_labels(const SetDescription& description, const std::vector<std::string>& names, const std::string& what);

} // namespace atelier::train
