// SPDX-License-Identifier: Apache-2.0
// SetTarget: where a training set is written: a zip, a folder of pictures, or a folder of shards. It appears whole or
// not at all.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "io/byte_reader.h"

namespace atelier::prepare {

class SetTarget {
public:
    virtual ~SetTarget() = default; // nothing is left without finish()
    // A picture; names come once each, in the order in which the pictures are to lie. Throws Error naming the file.
    virtual void add(const std::string& name, io::Bytes data) = 0;
    virtual void describe(io::Bytes json) = 0; // dataset.json, after the pictures
    virtual void finish() = 0;
};

// For `pictures` of them. shard_pictures: how many a shard gets at most, 0: no shards; a shard that would grow beyond
// what a zip holds gets fewer. Throws Error where that can't be: too many for a zip or for shards, or shards in a zip.
std::unique_ptr<SetTarget> open_target(const std::filesystem::path& path, std::size_t pictures,
                                       std::size_t shard_pictures);

// Throws Error if no set can be written under this name: it is one of the inputs or lies in one, its folder is missing,
// it is a folder with something in it, a file that is not a zip by name, or one that is no training set; or shards are
// asked for and it is no folder. Before long work.
void check_target(const std::filesystem::path& target, const std::vector<std::filesystem::path>& inputs,
                  std::size_t shard_pictures = 0);
// The first part of that, for what else is written.
void check_apart(const std::filesystem::path& target, const std::vector<std::filesystem::path>& inputs);

} // namespace atelier::prepare
