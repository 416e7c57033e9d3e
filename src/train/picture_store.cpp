// SPDX-License-Identifier: Apache-2.0
#include "train/picture_store.h"

#include <algorithm>
#include <cctype>

#include "base/error.h"
#include "io/input_file.h"
#include "io/zip_archive.h"

namespace atelier::train {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_picture = 256U << 20;

bool is_picture(const std::string& name) {
    const std::string file = fs::path(name).filename().string();
    std::string extension = fs::path(name).extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    // Files beginning with a dot are droppings of file managers.
    return !file.starts_with(".") && (extension == ".png" || extension == ".jpg" || extension == ".jpeg");
}

class FolderStore final : public PictureStore {
public:
    explicit FolderStore(fs::path path) : path_(std::move(path)) {
        std::vector<std::string> all;
        std::error_code error;
        // Links to folders are not followed, so there is no end to fear.
        fs::recursive_directory_iterator it(path_, fs::directory_options::skip_permission_denied, error), end;
        for (; !error && it != end; it.increment(error)) {
            if (it->is_regular_file(error)) {
                all.push_back(it->path().lexically_relative(path_).generic_string());
            }
        }
        if (error) {
            fail("{}: can't be read: {}.", path_.string(), error.message());
        }
        take_names(std::move(all));
    }
    std::vector<std::uint8_t> read(const std::string& name) const override {
        const io::InputFile file(path_ / name);
        if (file.size() > largest_picture) {
            fail("{}: is larger than 256 MiB, so it is not read as a picture.", describe(name));
        }
        return file.read_all();
    }
    bool has(const std::string& name) const override {
        std::error_code error;
        return fs::is_regular_file(path_ / name, error);
    }
    std::string describe(const std::string& name) const override { return (path_ / name).string(); }

private:
    fs::path path_;
};

class ZipStore final : public PictureStore {
public:
    explicit ZipStore(const fs::path& path) : path_(path.string()) {
        data_ = io::InputFile(path).read_all();
        try {
            archive_ = std::make_unique<io::ZipArchive>(io::Bytes(data_));
        } catch (const Error& error) {
            fail("{}: {}.", path_, error.what());
        }
        take_names(archive_->names());
    }
    std::vector<std::uint8_t> read(const std::string& name) const override {
        try {
            return archive_->extract(name, largest_picture);
        } catch (const Error& error) {
            fail("{}: {}.", path_, error.what());
        }
    }
    bool has(const std::string& name) const override { return archive_->contains(name); }
    std::string describe(const std::string& name) const override { return path_ + ": " + name; }

private:
    std::string path_;
    std::vector<std::uint8_t> data_;
    std::unique_ptr<io::ZipArchive> archive_;
};

} // namespace

void PictureStore::take_names(std::vector<std::string> all) {
    std::copy_if(std::make_move_iterator(all.begin()), std::make_move_iterator(all.end()), std::back_inserter(names_),
                 is_picture);
    std::sort(names_.begin(), names_.end());
}

std::unique_ptr<PictureStore> open_pictures(const fs::path& path) {
    std::error_code error;
    const auto kind = fs::status(path, error).type();
    std::unique_ptr<PictureStore> store;
    if (kind == fs::file_type::directory) {
        store = std::make_unique<FolderStore>(path);
    } else if (kind == fs::file_type::regular) {
        store = std::make_unique<ZipStore>(path);
    } else {
        fail("{}: there is no such folder or zip; a training set is a folder or a zip of pictures.", path.string());
    }
    if (store->names().empty()) {
        fail("{}: holds no pictures; a training set needs PNG or JPEG files.", path.string());
    }
    return store;
}

} // namespace atelier::train
