// SPDX-License-Identifier: Apache-2.0
// PictureStore: the files of a data set, in a folder, a zip or shards, as names and bytes. Safe from any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "io/image.h"

namespace atelier::train {

class PictureStore {
public:
    virtual ~PictureStore() = default;
    // PNG and JPEG files, by their endings or, with others or none, by their contents, sorted by name; '/' between
    // folders. What file managers leave behind doesn't count.
    const std::vector<std::string>& names() const { return names_; }
    // Pictures of kinds that aren't read, sorted.
    const std::vector<std::string>& strangers() const { return strangers_; }
    const std::vector<std::string>& linked_folders() const { return linked_; } // not followed
    const std::string& inner_description() const { return inner_; }            // see base/set_file_names.h
    // Throws Error naming the file. Nothing larger than 256 MiB is read.
    virtual std::vector<std::uint8_t> read(const std::string& name) const = 0;
    // Of a picture's header, without reading the rest where it isn't packed. Throws Error naming the file.
    virtual io::ImageFacts facts(const std::string& name) const = 0;
    virtual bool has(const std::string& name) const = 0;
    // Says that a file will be read soon, so that the disk can begin; returns at once and never throws.
    virtual void expect(const std::string& name) const noexcept = 0;
    // How a file is called in messages: its path, or "<zip>: <name>".
    virtual std::string describe(const std::string& name) const = 0;

protected:
    // beginning: a file's first bytes.
    void take_names(const std::vector<std::string>& all,
                    const std::function<std::vector<std::uint8_t>(const std::string& name)>& beginning);
    std::vector<std::string> linked_;

private:
    std::vector<std::string> names_, strangers_;
    std::string inner_;
};

// Whether the checksums of a sharded set are compared before anything else, and who is told meanwhile.
struct OpenPictures {
    bool checksums = false;
    std::function<void(const std::string& what)> stage; // now and then; may throw to give up
    std::size_t check_one = 0, check_of = 1;            // as in DatasetOptions
};

// A folder, a zip, or a folder of shards (or its shards.json). Throws Error: nothing of that name, no zip, no picture
// in it, a shard that is missing or not whole, or that it is one shard of a set.
std::unique_ptr<PictureStore> open_pictures(const std::filesystem::path& path, const OpenPictures& how = {});

} // namespace atelier::train
