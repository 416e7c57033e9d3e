// SPDX-License-Identifier: Apache-2.0
// Copies a training set into shards, or shards back into one zip or folder.
#pragma once

#include <filesystem>
#include <functional>

namespace atelier::prepare {

// Pictures and dataset.json go over byte for byte and under their names, so that training on the copy is training on
// the set. `target` as open_target takes it; shard_pictures 0: one zip or folder. `progress` gets pictures done and in
// all; it may throw to give up. Throws Error: what SetFiles says of `set` and check_target of `target`, or that a
// picture of the set is one that training refuses. Returns how many pictures there are.
std::size_t reshard(const std::filesystem::path& set, const std::filesystem::path& target, std::size_t shard_pictures,
                    const std::function<void(std::size_t, std::size_t)>& progress);

} // namespace atelier::prepare
