// SPDX-License-Identifier: Apache-2.0
#include "prepare/set_files.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "base/error.h"
#include "base/file_names.h"
#include "base/set_file_names.h"
#include "io/picture_signature.h"
#include "io/shard_set.h"
#include "io/zip_file.h"

namespace atelier::prepare {
namespace {

namespace fs = std::filesystem;

// Easily taken for a part of the set: other names of JPEG, pictures of cameras and programs, videos, zips.
constexpr std::array<std::string_view, 19> likely_kinds{".jpe", ".jfif", ".psd",  ".raw", ".cr2", ".nef",  ".arw",
                                                        ".dng", ".exr",  ".mp4",  ".mov", ".mkv", ".webm", ".avi",
                                                        ".m4v", ".mpg",  ".mpeg", ".wmv", ".zip"};

bool is_likely(const std::string& name) {
    return std::ranges::find(likely_kinds, lower_extension(name)) != likely_kinds.end();
}

} // namespace

SetFiles::SetFiles(const fs::path& path) : path_(path) {
    std::error_code error;
    const fs::file_type kind = fs::status(path, error).type();
    std::vector<std::string> names;
    if (const auto folder = io::shard_folder(path)) {
        path_ = *folder;
        shards_ = std::make_unique<const io::ShardSet>(*folder);
        names = shards_->names();
    } else if (kind == fs::file_type::directory) {
        names = files_below(path, &linked_);
    } else if (kind == fs::file_type::regular) {
        io::refuse_lone_shard(path);
        zip_ = std::make_unique<const io::ZipFile>(path);
        std::ranges::transform(zip_->entries(), std::back_inserter(names),
                               [](const auto& entry) { return entry.first; });
    } else {
        fail("{}: there is no such folder or zip; a training set is a folder or a zip of pictures.", path.string());
    }
    std::ranges::for_each(names, [&](const std::string& name) { add(name); });
    inner_ = atelier::inner_description(names);
    if (pictures_.empty() && strangers_.empty()) {
        fail("{}: holds no pictures; a training set needs PNG or JPEG files.", path.string());
    }
    std::ranges::sort(pictures_);
    std::ranges::sort(strangers_);
    std::ranges::sort(passed_over_);
}

SetFiles::~SetFiles() = default;

void SetFiles::add(const std::string& name) {
    switch (set_file_kind(name)) {
    case SetFileKind::picture: pictures_.push_back(name); break;
    case SetFileKind::refused: add_by_contents(name, true); break;
    case SetFileKind::unclear: add_by_contents(name, false); break;
    case SetFileKind::other:
        if (!is_dropping(name) && is_likely(name)) {
            passed_over_.push_back(name);
        }
        break;
    }
}

void SetFiles::add_by_contents(const std::string& name, bool picture) {
    const io::PictureKind kind = io::picture_kind(beginning(name));
    if (kind == io::PictureKind::png || kind == io::PictureKind::jpeg) {
        pictures_.push_back(name);
    } else if (kind != io::PictureKind::none || picture) {
        strangers_.push_back(name);
    } else if (is_likely(name)) {
        passed_over_.push_back(name);
    }
}

const io::ZipFile* SetFiles::zip_of(const std::string& name) const {
    return shards_ && shards_->contains(name) ? &shards_->shard_of(name) : zip_.get();
}

std::size_t SetFiles::shards() const {
    return shards_ ? shards_->index().shards.size() : 0;
}

// Empty: it can't be read.
std::vector<std::uint8_t> SetFiles::beginning(const std::string& name) const {
    try {
        if (const io::ZipFile* zip = zip_of(name)) {
            return io::first_bytes(*zip, name, largest_set_file);
        }
        const io::InputFile file(path_ / name);
        return io::first_bytes(io::ByteSource::of(file));
    } catch (const Error&) {
        return {};
    }
}

bool SetFiles::has(const std::string& name) const {
    std::error_code error;
    const io::ZipFile* zip = zip_of(name);
    return zip != nullptr ? zip->entries().contains(name) : fs::is_regular_file(path_ / name, error);
}

std::vector<std::uint8_t> SetFiles::read(const std::string& name) const {
    if (const io::ZipFile* zip = zip_of(name)) {
        return zip->extract(name, largest_set_file);
    }
    const io::InputFile file(path_ / name);
    if (file.size() > largest_set_file) {
        fail("{}: is larger than 256 MiB, so it is not read as a picture", source_of(name));
    }
    return file.read_all();
}

std::string SetFiles::source_of(const std::string& name) const {
    if (shards_ && shards_->contains(name)) {
        return shards_->path_of(name).string();
    }
    return zip_ ? path_.string() : (path_ / name).string();
}

} // namespace atelier::prepare
