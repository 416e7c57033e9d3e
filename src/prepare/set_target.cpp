// SPDX-License-Identifier: Apache-2.0
#include "prepare/set_target.h"

#include <set>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file_names.h"
#include "base/folder_name.h"
#include "io/atomic_file.h"
#include "io/shard_set.h"
#include "io/zip_file.h"
#include "io/zip_writer.h"

namespace atelier::prepare {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_in_zip = 65'000;             // entries; more would need zip64
constexpr std::uint64_t most_in_shard = 3'500'000'000U; // bytes, well below those 4 GiB

bool is_zip(const fs::path& target) {
    return target.extension() == ".zip" || target.extension() == ".ZIP";
}

bool is_set(const fs::path& zip) {
    try {
        return io::ZipFile(zip).entries().contains("dataset.json");
    } catch (const Error&) {
        return false;
    }
}

std::string shards_in_zip(const fs::path& target) {
    return fmt::format("{}: shards are written into a folder; name a new one with --out, without an ending.",
                       target.string());
}

class ZipTarget final : public SetTarget {
public:
    explicit ZipTarget(const fs::path& path) : zip_(path) {}
    void add(const std::string& name, io::Bytes data) override { zip_.add(name, data); }
    void describe(io::Bytes json) override { zip_.add(io::set_description_name, json); }
    void finish() override { zip_.finish(); }

private:
    io::ZipWriter zip_;
};

// A folder that is filled under another name beside the target, then renamed.
class WholeFolder {
public:
    explicit WholeFolder(fs::path path)
        : path_(std::move(path)), part_(path_.string() + fmt::format(".part-{}", ::getpid())) {}
    ~WholeFolder() {
        if (!finished_) {
            std::error_code error;
            fs::remove_all(part_, error);
        }
    }
    WholeFolder(const WholeFolder&) = delete;
    WholeFolder& operator=(const WholeFolder&) = delete;

    // Where that file is written for now; its folder is there then.
    fs::path place(const std::string& name) {
        std::error_code error;
        const fs::path folder = (part_ / name).parent_path();
        fs::create_directories(folder, error);
        if (error) {
            fail("{}: can't be written: the folder {} can't be made ({}).", path_.string(), folder.string(),
                 error.message());
        }
        folders_.insert(folder);
        folders_.insert(folder == part_ ? part_ : folder.parent_path());
        return part_ / name;
    }
    void write(const std::string& name, io::Bytes data) {
        io::AtomicFile file(place(name));
        file.write(data.data(), data.size());
        file.commit();
    }
    void finish() {
        for (const fs::path& folder : folders_) { // the files in them are on the disk already
            io::sync_folder(folder);
        }
        std::error_code error;
        fs::rename(part_, path_, error); // also over an empty folder
        if (error) {
            fail("{}: can't be given its name ({}).", path_.string(), error.message());
        }
        finished_ = true;
        io::sync_folder(path_.parent_path());
    }
    const fs::path& path() const { return path_; }

private:
    fs::path path_, part_;
    std::set<fs::path> folders_; // that were made
    bool finished_ = false;
};

class FolderTarget final : public SetTarget {
public:
    explicit FolderTarget(const fs::path& path) : folder_(path) {}
    void add(const std::string& name, io::Bytes data) override { folder_.write(name, data); }
    void describe(io::Bytes json) override { folder_.write(io::set_description_name, json); }
    void finish() override { folder_.finish(); }

private:
    WholeFolder folder_;
};

class ShardTarget final : public SetTarget {
public:
    ShardTarget(const fs::path& path, std::size_t most) : folder_(path), most_(most) {}

    void add(const std::string& name, io::Bytes data) override {
        if (zip_ && (pictures_ == most_ || bytes_ + data.size() > most_in_shard)) {
            end_shard();
        }
        if (!zip_) {
            zip_ = std::make_unique<io::ZipWriter>(folder_.place(unnamed(index_.shards.size())));
        }
        zip_->add(name, data);
        ++pictures_;
        bytes_ += data.size();
    }
    void describe(io::Bytes json) override {
        folder_.write(io::set_description_name, json);
        index_.description = io::shard_facts(folder_.place(io::set_description_name), io::set_description_name);
    }
    void finish() override {
        end_shard();
        const std::size_t count = index_.shards.size();
        if (count > io::most_shards) {
            fail("{}: can't be written: it would have {} shards, and {} are the most there can be.",
                 folder_.path().string(), count, io::most_shards);
        }
        for (std::size_t i = 0; i < count; ++i) { // how many there are is known by now
            io::Shard& shard = index_.shards[i];
            const fs::path before = folder_.place(shard.file);
            shard.file = io::shard_name(i, count);
            std::error_code error;
            fs::rename(before, folder_.place(shard.file), error);
            if (error) {
                fail("{}: {} can't be given its name ({}).", folder_.path().string(), shard.file, error.message());
            }
        }
        const std::string text = io::to_text(index_);
        folder_.write(io::shard_index_name, io::as_bytes(text));
        folder_.finish();
    }

private:
    static std::string unnamed(std::size_t index) { return fmt::format("{}.zip", index); }
    void end_shard() {
        if (!zip_) {
            return;
        }
        zip_->finish();
        zip_.reset();
        const std::string name = unnamed(index_.shards.size());
        io::Shard shard = io::shard_facts(folder_.place(name), name);
        shard.pictures = pictures_;
        index_.shards.push_back(std::move(shard));
        pictures_ = 0;
        bytes_ = 0;
    }

    WholeFolder folder_;
    std::size_t most_; // pictures of a shard
    io::ShardIndex index_;
    std::unique_ptr<io::ZipWriter> zip_; // of the shard that is being written
    std::size_t pictures_ = 0;           // in it
    std::uint64_t bytes_ = 0;
};

} // namespace

std::unique_ptr<SetTarget> open_target(const fs::path& path, std::size_t pictures, std::size_t shard_pictures) {
    if (shard_pictures > 0) {
        if (is_zip(path)) {
            fail("{}", shards_in_zip(path));
        }
        if (const std::size_t least = (pictures + io::most_shards - 1) / io::most_shards; shard_pictures < least) {
            fail("{}: {} pictures in shards of {} would be {} shards, and {} are the most there can be; take shards of "
                 "at least {}.",
                 path.string(), pictures, shard_pictures, (pictures + shard_pictures - 1) / shard_pictures,
                 io::most_shards, least);
        }
        return std::make_unique<ShardTarget>(path, shard_pictures);
    }
    if (!is_zip(path)) {
        return std::make_unique<FolderTarget>(path);
    }
    if (pictures > most_in_zip) {
        fail("{}: {} pictures are more than a zip file holds; name a folder instead, or make shards with "
             "--shard-pictures.",
             path.string(), pictures);
    }
    return std::make_unique<ZipTarget>(path);
}

void check_apart(const fs::path& target, const std::vector<fs::path>& inputs) {
    if (would_change(target, inputs)) {
        fail("{}: is one of the inputs or lies among them, where nothing is ever written; name another place.",
             target.string());
    }
}

void check_target(const fs::path& target, const std::vector<fs::path>& inputs, std::size_t shard_pictures) {
    check_apart(target, inputs);
    std::error_code error;
    const fs::path folder = fs::absolute(target, error).parent_path();
    if (target.filename().empty()) {
        fail("--out is '{}'; name a set such as set.zip, or a folder without a slash at its end.", target.string());
    }
    if (!fs::is_directory(folder, error)) {
        fail("{}: there is no such folder to write the set into.", folder.string());
    }
    if (!is_zip(target) && !names_folder(target)) {
        fail("{}: a set is a file ending in .zip, or a folder, whose name has no ending; nothing is written as {}.",
             target.string(), target.extension().string());
    }
    if (shard_pictures > 0 && is_zip(target)) {
        fail("{}", shards_in_zip(target));
    }
    const bool folder_there = fs::is_directory(target, error);
    if (is_zip(target) && folder_there) {
        fail("{}: is a folder; a set that ends in .zip is written as a file.", target.string());
    }
    if (is_zip(target) && fs::exists(target, error) && !is_set(target)) {
        fail("{}: is there already and is no training set, so it is not replaced; name another file.", target.string());
    }
    if (!is_zip(target) && fs::exists(target, error) && (!folder_there || !fs::is_empty(target, error))) {
        fail("{}: is there already; name a set that ends in .zip, or a folder that is new or empty.", target.string());
    }
}

} // namespace atelier::prepare
