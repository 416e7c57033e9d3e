// SPDX-License-Identifier: Apache-2.0
// ShardSet: the zips of a sharded training set as if they were one. Safe from any thread once made.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/shard_index.h"
#include "io/zip_file.h"

namespace atelier::io {

// Called now and then by the thread that asked, with what is being done; may throw to give up; may be empty.
using ShardProgress = std::function<void(const std::string& what)>;

// Of those who compare the sums of one set together: each takes the files whose number leaves `one` when divided by
// `of`.
struct ShardShare {
    std::size_t one = 0, of = 1;
};

struct ShardTrouble {
    std::filesystem::path file;
    std::string what; // is wrong and what mends it, to be read after the file's name, without a full stop
};

// What is wrong with the files of a sharded set. Looks for each file and at its size; with `sums` reads all of them, up
// to four at a time, and compares their SHA-256; or of its share of them.
std::vector<ShardTrouble> shard_troubles(const std::filesystem::path& folder, const ShardIndex& index, bool sums,
                                         const ShardProgress& progress, ShardShare share = {});

// Throws Error with the first of them, and how many others there are.
void check_shards(const std::filesystem::path& folder, const ShardIndex& index, bool sums,
                  const ShardProgress& progress, ShardShare share = {});

// Bytes and SHA-256 of a file, under that name. Throws Error naming it.
Shard shard_facts(const std::filesystem::path& file, const std::string& name);

class ShardSet {
public:
    // Throws Error naming the file: the index, or a shard that is missing, of another size than the index says, no zip,
    // of another number of pictures, or has a picture that another one has as well.
    explicit ShardSet(const std::filesystem::path& folder);

    const ShardIndex& index() const { return index_; }
    std::vector<std::string> names() const; // of what is in the shards, sorted
    bool contains(const std::string& name) const { return where_.contains(name); }
    // Throws Error where none has it.
    const ZipFile& shard_of(const std::string& name) const;
    const std::filesystem::path& path_of(const std::string& name) const; // of that shard

private:
    std::size_t find(const std::string& name) const;

    std::filesystem::path folder_;
    ShardIndex index_;
    std::vector<std::filesystem::path> paths_;
    std::vector<std::unique_ptr<const ZipFile>> zips_;
    std::map<std::string_view, std::size_t> where_; // names are those of the zips' own entries
};

} // namespace atelier::io
