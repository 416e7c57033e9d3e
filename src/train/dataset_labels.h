// SPDX-License-Identifier: Apache-2.0
// The labels of a dataset.json: {"labels": [["00000/img00000000.png", 3], ...]}, null, or vectors instead of numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/class_facts.h"
#include "base/set_labels.h"

namespace atelier::train {

// Of each picture; default: none. Classes are kept as their numbers: a million pictures of a thousand classes would
// take 4 GB as vectors.
class Labels {
public:
    Labels() = default;
    Labels(std::vector<std::vector<float>> vectors, std::vector<std::int64_t> numbers, ClassFacts facts);

    int width() const { return width_; }               // numbers of a label; 0: there are no labels
    bool one_hot() const { return !numbers_.empty(); } // they were whole numbers; width is the largest + 1
    void copy(std::size_t picture, float* into) const; // width() floats

    ClassFacts classes; // of whole numbers

private:
    std::vector<std::uint16_t> numbers_;
    std::vector<float> values_; // or [pictures, width]
    int width_ = 0;
};

// Of the file's JSON. Throws Error beginning with `what` if it is no such object (also where it could not be parsed),
// lacks a name, or mixes kinds.
Labels parse_labels(const SetDescription& description, const std::vector<std::string>& names, const std::string& what);

} // namespace atelier::train
