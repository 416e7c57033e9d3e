// SPDX-License-Identifier: Apache-2.0
#include "train/picture_store.h"

#include <algorithm>

#include "base/error.h"
#include "base/set_file_names.h"
#include "io/pickle_value.h"
#include "io/picture_signature.h"
#include "io/read_ahead.h"
#include "io/shard_set.h"
#include "io/zip_file.h"

namespace atelier::train {
namespace {

namespace fs = std::filesystem;

class FolderStore final : public PictureStore {
public:
    explicit FolderStore(fs::path path) : path_(std::move(path)) {
        take_names(files_below(path_, &linked_), [this](const std::string& name) {
            const io::InputFile file(path_ / name);
            return io::first_bytes(io::ByteSource::of(file));
        });
    }
    std::vector<std::uint8_t> read(const std::string& name) const override {
        const io::InputFile file(path_ / name);
        if (file.size() > largest_set_file) {
            fail("{}: is larger than 256 MiB, so it is not read as a picture.", describe(name));
        }
        return file.read_all();
    }
    io::ImageFacts facts(const std::string& name) const override {
        const io::InputFile file(path_ / name);
        return io::image_facts(io::ByteSource::of(file), describe(name));
    }
    bool has(const std::string& name) const override {
        std::error_code error;
        return fs::is_regular_file(path_ / name, error);
    }
    void expect(const std::string& name) const noexcept override {
        try {
            const io::InputFile file(path_ / name);
            io::expect_read(file, 0, file.size());
        } catch (const std::exception&) { // reading it says what is wrong
        }
    }
    std::string describe(const std::string& name) const override { return (path_ / name).string(); }

private:
    fs::path path_;
};

class PackedStore : public PictureStore {
public:
    std::vector<std::uint8_t> read(const std::string& name) const override {
        return zip_of(name).extract(name, largest_set_file);
    }
    io::ImageFacts facts(const std::string& name) const override {
        const io::ZipFile& zip = zip_of(name);
        if (zip.entries().at(name).method == 0) {
            return io::image_facts(zip.stored(name), describe(name));
        }
        const auto bytes = read(name);
        return io::image_facts(io::ByteSource::of(bytes), describe(name));
    }

protected:
    virtual const io::ZipFile& zip_of(const std::string& name) const = 0;
    void take(const std::vector<std::string>& all) {
        take_names(all,
                   [this](const std::string& name) { return io::first_bytes(zip_of(name), name, largest_set_file); });
    }
};

class ZipStore final : public PackedStore {
public:
    explicit ZipStore(const fs::path& path) : path_(path.string()), zip_(path) {
        std::vector<std::string> all;
        for (const auto& [name, entry] : zip_.entries()) {
            all.push_back(name);
        }
        take(all);
    }
    bool has(const std::string& name) const override { return zip_.entries().contains(name); }
    void expect(const std::string& name) const noexcept override { zip_.expect(name); }
    std::string describe(const std::string& name) const override { return path_ + ": " + io::printable(name); }

private:
    const io::ZipFile& zip_of(const std::string& /*name*/) const override { return zip_; }

    std::string path_;
    io::ZipFile zip_;
};

// Its dataset.json lies beside the shards.
class ShardStore final : public PackedStore {
public:
    explicit ShardStore(const fs::path& folder) : folder_(folder), shards_(folder) { take(shards_.names()); }
    std::vector<std::uint8_t> read(const std::string& name) const override {
        if (!is_description(name)) {
            return PackedStore::read(name);
        }
        const io::InputFile file(folder_ / name);
        if (file.size() > largest_set_file) {
            fail("{}: is larger than 256 MiB, so it is not read.", describe(name));
        }
        return file.read_all();
    }
    bool has(const std::string& name) const override { return is_description(name) || shards_.contains(name); }
    void expect(const std::string& name) const noexcept override {
        if (shards_.contains(name)) {
            shards_.shard_of(name).expect(name);
        }
    }
    std::string describe(const std::string& name) const override {
        return shards_.contains(name) ? shards_.path_of(name).string() + ": " + io::printable(name)
                                      : (folder_ / name).string();
    }

private:
    bool is_description(const std::string& name) const {
        std::error_code error;
        return name == io::set_description_name && fs::is_regular_file(folder_ / name, error);
    }
    const io::ZipFile& zip_of(const std::string& name) const override { return shards_.shard_of(name); }

    fs::path folder_;
    io::ShardSet shards_;
};

} // namespace

void PictureStore::take_names(const std::vector<std::string>& all,
                              const std::function<std::vector<std::uint8_t>(const std::string& name)>& beginning) {
    const auto take_by_contents = [&](const std::string& name, bool picture) {
        io::PictureKind kind = io::PictureKind::none;
        try {
            kind = io::picture_kind(beginning(name));
        } catch (const Error&) { // what can't be read is no picture by its name, either
        }
        if (kind == io::PictureKind::png || kind == io::PictureKind::jpeg) {
            names_.push_back(name);
        } else if (kind != io::PictureKind::none || picture) {
            strangers_.push_back(name);
        }
    };
    for (const std::string& name : all) {
        switch (set_file_kind(name)) {
        case SetFileKind::picture: names_.push_back(name); break;
        case SetFileKind::refused: take_by_contents(name, true); break;
        case SetFileKind::unclear: take_by_contents(name, false); break;
        case SetFileKind::other: break;
        }
    }
    inner_ = atelier::inner_description(all);
    std::sort(names_.begin(), names_.end());
    std::sort(strangers_.begin(), strangers_.end());
}

std::unique_ptr<PictureStore> open_pictures(const fs::path& path, const OpenPictures& how) {
    std::error_code error;
    const auto kind = fs::status(path, error).type();
    std::unique_ptr<PictureStore> store;
    if (const auto folder = io::shard_folder(path)) {
        io::check_shards(*folder, io::read_shard_index(*folder), how.checksums, how.stage,
                         {how.check_one, how.check_of});
        store = std::make_unique<ShardStore>(*folder);
    } else if (kind == fs::file_type::directory) {
        store = std::make_unique<FolderStore>(path);
    } else if (kind == fs::file_type::regular) {
        io::refuse_lone_shard(path);
        store = std::make_unique<ZipStore>(path);
    } else {
        fail("{}: there is no such folder or zip; a training set is a folder or a zip of pictures.", path.string());
    }
    if (store->names().empty() && store->strangers().empty()) {
        fail("{}: holds no pictures; a training set needs PNG or JPEG files.", path.string());
    }
    return store;
}

} // namespace atelier::train
