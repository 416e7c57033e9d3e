// SPDX-License-Identifier: Apache-2.0
// SetLabels: the labels of a training set's dataset.json, as the trainer and the doctor of sets both read them. No
// torch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace atelier {

// A dataset.json as it stands.
struct SetDescription {
    nlohmann::json json;
    std::string trouble; // why it is no JSON and where, to be read after the file's name, without a full stop
};

SetDescription parse_set_description(std::span<const std::uint8_t> bytes);

struct SetLabels {
    std::vector<std::int64_t> classes;       // one for each name, 0..65535; or
    std::vector<std::vector<float>> vectors; // one for each name, finite, all of one length; or neither: no labels
    std::vector<std::string> class_names;    // of class 0, 1, ... as the set tells them; may be fewer, or none
    // What is wrong, each to be read after the file's name, without a full stop; with any, the rest is empty.
    std::vector<std::string> troubles;

    // How many pictures there are of each class from 0 to the largest; empty without classes.
    std::vector<std::int64_t> pictures_of_classes() const;
};

// Of the file's JSON: {"labels": [["00000/img00000000.png", 3], ...]}, an object of names, null, or lists of numbers
// instead of classes; a class may be written 3.0, as the public loader takes it. `names`: the set's pictures; labels of
// other files don't matter.
SetLabels read_set_labels(const SetDescription& description, const std::vector<std::string>& names);

// "no picture is of class 0", "no picture is of class 0, 2, 3 and 5 others"; empty: there is one of each.
std::string empty_classes(const std::vector<std::int64_t>& pictures_of_classes);

// How class `index` is called: "2 (cats)", or "2" without a name.
std::string class_text(std::size_t index, const std::vector<std::string>& class_names);

} // namespace atelier
