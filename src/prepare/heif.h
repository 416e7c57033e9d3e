// SPDX-License-Identifier: Apache-2.0
// HEIC and AVIF files through libheif: which pictures are in them, before anything is decoded.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "prepare/picture_header.h"

struct heif_context;
struct heif_image_handle;

namespace atelier::prepare {

struct HeifLibrary;

// An open file, of which nothing is decoded yet. `data` must outlive it.
class HeifFile {
public:
    // Throws Error beginning with `name` if it can't be understood, or libheif isn't installed.
    HeifFile(io::Bytes data, std::string name);
    ~HeifFile();
    HeifFile(const HeifFile&) = delete;
    HeifFile& operator=(const HeifFile&) = delete;

    // Pictures that stand for themselves; thumbnails and parts of others are none.
    std::size_t pages() const;
    struct Release {
        void operator()(heif_image_handle* handle) const;
    };
    // Throws Error: there is no such page.
    std::unique_ptr<heif_image_handle, Release> page(int index) const;
    [[noreturn]] void damaged(const std::string& why) const; // throws Error

private:
    std::string name_;
    const HeifLibrary& heif_;
    heif_context* context_ = nullptr;
};

// 0: it can't be understood, or libheif isn't installed, which reading its header then says.
std::size_t heif_pages(io::Bytes data);

// What the file says of a page, turned as it says. Throws Error beginning with `name`.
HeaderFacts heif_header(io::Bytes data, const std::string& name, int page);

} // namespace atelier::prepare
