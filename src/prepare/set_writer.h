// SPDX-License-Identifier: Apache-2.0
// Writes the kept crops as a training set that Atelier and the public tools read: numbered PNGs and dataset.json.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "prepare/cut_run.h"

namespace atelier::prepare {

// Of the picture with this number, within a set.
std::string entry_name(std::size_t index);

// What the classes of the kept items are called, by their numbers: in natural order, "2" before "10".
std::vector<std::string> class_names_of(const std::vector<Item>& items);

// `target`: a name that ends in .zip, or a folder that is not there or empty, which gets shards of so many pictures if
// `shard_pictures` is not 0. `items` are judged; `labels`: classes by
// subfolder, numbered as class_names_of has them. The set appears whole or not at all. `progress` gets pictures done
// and in all; it may throw to give up. Throws Error if nothing was kept, or something can't be written.
void write_set(const std::filesystem::path& target, const CutRun& job, const std::vector<Item>& items, bool labels,
               const std::function<void(std::size_t, std::size_t)>& progress, std::size_t shard_pictures = 0);

} // namespace atelier::prepare
