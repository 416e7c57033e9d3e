// SPDX-License-Identifier: Apache-2.0
// ShardIndex: shards.json, which makes a folder of zips one training set: which shards there are, and how to tell
// whether each is whole. docs/dataset.md has the layout.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace atelier::io {

struct Shard {
    std::string file;           // name in the folder
    std::uint64_t pictures = 0; // of a shard; dataset.json has none
    std::uint64_t bytes = 0;
    std::string sha256; // 64 hexadecimal digits in lower case
};

struct ShardIndex {
    std::vector<Shard> shards;        // 1 to most_shards
    std::optional<Shard> description; // dataset.json, if the set has one
    std::uint64_t pictures() const;   // of all
};

inline constexpr const char* shard_index_name = "shards.json";
inline constexpr const char* set_description_name = "dataset.json"; // beside it: the labels of all pictures
inline constexpr std::size_t most_shards = 512; // all are open at once, and a process may have 1,024 files

// "shard-00003-of-00008.zip"
std::string shard_name(std::size_t index, std::size_t count);

// The folder of the sharded set that a person means by `path`: the folder, or the index in it. Empty: it is no such
// set.
std::optional<std::filesystem::path> shard_folder(const std::filesystem::path& path);

// Throws Error naming the file: missing, no such index, too many shards, names that are no plain names or come twice,
// numbers that make no sense.
ShardIndex read_shard_index(const std::filesystem::path& folder);
std::string to_text(const ShardIndex& index); // JSON

// Throws Error if the file is one shard of a set whose index lies beside it: it holds a part of the pictures and none
// of the labels, so nobody means it alone.
void refuse_lone_shard(const std::filesystem::path& file);

} // namespace atelier::io
