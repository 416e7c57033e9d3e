// SPDX-License-Identifier: Apache-2.0
// ClassFacts: what a training set, and the models made from it, tell of their classes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace atelier {

struct ClassFacts {
    std::vector<std::string> names;     // of class 0, 1, ...; may be fewer than there are classes, or none
    std::vector<std::int64_t> pictures; // of each class, in the training set; empty: not told
    bool operator==(const ClassFacts&) const = default;
};

} // namespace atelier
