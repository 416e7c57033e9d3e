// SPDX-License-Identifier: Apache-2.0
#include "prepare/heif.h"

#include <algorithm>
#include <vector>

#include <libheif/heif.h>

#include "base/error.h"

namespace atelier::prepare {

HeifFile::HeifFile(io::Bytes data, std::string name) : name_(std::move(name)), context_(heif_context_alloc()) {
    if (context_ == nullptr) {
        damaged("there is not enough memory");
    }
    heif_context_set_max_decoding_threads(context_, 0); // the pictures are what is done side by side
    heif_context_set_maximum_image_size_limit(context_, static_cast<int>(most_side));
    const heif_error error = heif_context_read_from_memory_without_copy(context_, data.data(), data.size(), nullptr);
    if (error.code != heif_error_Ok) {
        heif_context_free(context_); // no destructor runs
        damaged(error.message);
    }
}

HeifFile::~HeifFile() {
    heif_context_free(context_);
}

void HeifFile::Release::operator()(heif_image_handle* handle) const {
    heif_image_handle_release(handle);
}

void HeifFile::damaged(const std::string& why) const {
    fail("{}: is a damaged picture, or of a rare kind that can't be decoded ({})", name_, why);
}

std::size_t HeifFile::pages() const {
    return static_cast<std::size_t>(std::max(0, heif_context_get_number_of_top_level_images(context_)));
}

std::unique_ptr<heif_image_handle, HeifFile::Release> HeifFile::page(int index) const {
    const std::size_t count = pages();
    if (index < 0 || static_cast<std::size_t>(index) >= count) {
        damaged(count == 0 ? "there is no picture in it" : "it has no such page");
    }
    std::vector<heif_item_id> ids(count);
    heif_context_get_list_of_top_level_image_IDs(context_, ids.data(), static_cast<int>(count));
    heif_image_handle* handle = nullptr;
    const heif_error error = heif_context_get_image_handle(context_, ids[static_cast<std::size_t>(index)], &handle);
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
    return {Kind::heif, heif_image_handle_get_width(handle.get()), heif_image_handle_get_height(handle.get())};
}

} // namespace atelier::prepare
