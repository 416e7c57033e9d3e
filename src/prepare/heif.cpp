// SPDX-License-Identifier: Apache-2.0
#include "prepare/heif.h"

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "prepare/heif_library.h"

namespace atelier::prepare {
namespace {

const HeifLibrary& library_for(const std::string& name) {
    try {
        return heif_library();
    } catch (const Error& missing) {
        fail("{}: {}", name, missing.what());
    }
}

} // namespace

HeifFile::HeifFile(io::Bytes data, std::string name)
    : name_(std::move(name)), heif_(library_for(name_)), context_(heif_.context_alloc()) {
    if (context_ == nullptr) {
        damaged("there is not enough memory");
    }
    heif_.context_set_max_decoding_threads(context_, 0); // the pictures are what is done side by side
    heif_.context_set_maximum_image_size_limit(context_, static_cast<int>(most_side));
    const heif_error error = heif_.context_read_from_memory_without_copy(context_, data.data(), data.size(), nullptr);
    if (error.code != heif_error_Ok) {
        heif_.context_free(context_); // no destructor runs
        damaged(error.message);
    }
}

HeifFile::~HeifFile() {
    heif_.context_free(context_);
}

void HeifFile::Release::operator()(heif_image_handle* handle) const {
    heif_library().image_handle_release(handle);
}

void HeifFile::damaged(const std::string& why) const {
    fail("{}: is a damaged picture, or of a rare kind that can't be decoded ({})", name_, why);
}

std::size_t HeifFile::pages() const {
    return static_cast<std::size_t>(std::max(0, heif_.context_get_number_of_top_level_images(context_)));
}

std::unique_ptr<heif_image_handle, HeifFile::Release> HeifFile::page(int index) const {
    const std::size_t count = pages();
    if (index < 0 || static_cast<std::size_t>(index) >= count) {
        damaged(count == 0 ? "there is no picture in it" : "it has no such page");
    }
    std::vector<heif_item_id> ids(count);
    heif_.context_get_list_of_top_level_image_IDs(context_, ids.data(), static_cast<int>(count));
    heif_image_handle* handle = nullptr;
    const heif_error error = heif_.context_get_image_handle(context_, ids[static_cast<std::size_t>(index)], &handle);
    if (error.code != heif_error_Ok) {
        damaged(error.message);
    }
    return std::unique_ptr<heif_image_handle, Release>(handle);
}

std::size_t heif_pages(io::Bytes data) {
    try {
        return HeifFile(data, "").pages();
    } catch (const Error&) {
        return 0;
    }
}

HeaderFacts heif_header(io::Bytes data, const std::string& name, int page) {
    const HeifFile file(data, name);
    const auto handle = file.page(page);
    const HeifLibrary& heif = heif_library();
    return {Kind::heif, heif.image_handle_get_width(handle.get()), heif.image_handle_get_height(handle.get())};
}

} // namespace atelier::prepare
