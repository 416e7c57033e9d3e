// SPDX-License-Identifier: Apache-2.0
// The doctor for an existing set: what is in it, and every file that gets in the way of training.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/class_facts.h"

namespace atelier::prepare {

struct Trouble {
    std::string name; // of the file in the set
    std::string what; // what is wrong and what mends it
};

struct SetReport {
    std::size_t pictures = 0;          // files that training takes
    std::size_t shards = 0;            // of a sharded set
    int width = 0, height = 0;         // px, of most; 0: of no picture, as each is in trouble
    int channels = 0;                  // 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA, of most
    bool faces = false;                // dataset.json says that faces were cut out
    std::size_t labelled = 0;          // pictures with a label; 0 with label_errors
    ClassFacts classes;                // with pictures: labels that are classes
    std::size_t label_numbers = 0;     // of each label, if the labels are lists of numbers
    std::string ratio;                 // "5:4" if dataset.json says so; of a pixel
    std::vector<Trouble> errors;       // the trainer refuses the set
    std::vector<Trouble> label_errors; // the trainer refuses the set if its labels are asked for
    std::vector<Trouble> warnings;     // duplicates and the like; the trainer takes the set
};

// A folder or zip. Decodes every picture as the trainer does. `progress`: files done and in all; may throw to give up.
// Throws Error if there is no such set, or no picture in it.
SetReport check_set(const std::filesystem::path& set, const std::function<void(std::size_t, std::size_t)>& progress);

} // namespace atelier::prepare
