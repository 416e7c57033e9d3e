// SPDX-License-Identifier: Apache-2.0
// Work folders of sets that were never written: what was looked at is in them, and goes on where the same pictures are
// added again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace atelier::studio {

struct LeftWork {
    std::filesystem::path folder;
    std::uintmax_t bytes = 0; // of its files
};

// Those of the folders that are there, hold what Atelier names so and nothing else, and that nobody works in.
std::vector<LeftWork> find_left_work(const std::vector<std::string>& folders);
// Removes them unless somebody works in them by now. Never throws.
void remove_left_work(const std::vector<LeftWork>& all);

} // namespace atelier::studio
