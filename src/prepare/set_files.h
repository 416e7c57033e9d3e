// SPDX-License-Identifier: Apache-2.0
// SetFiles: the files of an existing training set, told apart as the trainer does (train/picture_store.cpp, which
// can't be used here); cli_dataset_test compares both.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace atelier::io {
class ShardSet;
class ZipFile;
} // namespace atelier::io

namespace atelier::prepare {

class SetFiles {
public:
    // A folder (with those inside), a zip, or a folder of shards, as io::ShardSet takes it. Throws Error: there is
    // none, it can't be read, no picture in it.
    explicit SetFiles(const std::filesystem::path& path);
    ~SetFiles();
    SetFiles(const SetFiles&) = delete;
    SetFiles& operator=(const SetFiles&) = delete;

    // All sorted, '/' between folders. What file managers leave behind is in none of them.
    const std::vector<std::string>& pictures() const { return pictures_; }       // those trained on
    const std::vector<std::string>& strangers() const { return strangers_; }     // pictures that the trainer refuses
    const std::vector<std::string>& linked_folders() const { return linked_; }   // not followed
    const std::string& inner_description() const { return inner_; }              // see base/set_file_names.h
    const std::vector<std::string>& passed_over() const { return passed_over_; } // seem to hold pictures; not looked at

    bool has(const std::string& name) const;
    // Throws Error beginning with source_of(name), also for more than 256 MiB.
    std::vector<std::uint8_t> read(const std::string& name) const;
    std::string source_of(const std::string& name) const; // path of the file, or of the zip
    std::size_t shards() const;                           // 0: it is no sharded set

private:
    void add(const std::string& name);
    void add_by_contents(const std::string& name, bool picture); // picture: by its name
    std::vector<std::uint8_t> beginning(const std::string& name) const;

    std::filesystem::path path_;
    const io::ZipFile* zip_of(const std::string& name) const; // null: it lies in the folder

    std::unique_ptr<const io::ZipFile> zip_; // null, as is the next: a folder
    std::unique_ptr<const io::ShardSet> shards_;
    std::vector<std::string> pictures_, strangers_, passed_over_, linked_;
    std::string inner_;
};

} // namespace atelier::prepare
