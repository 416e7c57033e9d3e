// SPDX-License-Identifier: Apache-2.0
#include "studio/dataset/data_pictures.h"

#include <algorithm>

namespace atelier::studio {
namespace {

constexpr std::size_t most_images = 700;   // tiles in the graphics memory: 200 kB each
constexpr std::size_t images_a_tick = 6;   // handed to the graphics, so that no frame is late
constexpr std::size_t most_requests = 300; // of one request

} // namespace

std::uint64_t DataPictures::key_of(const DatasetPictureRequest& request) {
    // The whole picture is the same whatever its crop.
    return request.kind == DataPictureKind::whole ? request.id * 2 + 1 : request.picture * 2;
}

ImTextureID DataPictures::picture(const DataItem& item, DataPictureKind kind) {
    const DatasetPictureRequest request{item.id, item.picture, kind};
    const auto found = images_.find(key_of(request));
    if (found == images_.end()) {
        if (missing_.size() < most_requests)
            missing_.push_back(request);
        return {};
    }
    found->second.used = tick_;
    return found->second.image ? found->second.image->id() : ImTextureID{};
}

bool DataPictures::is_broken(const DataItem& item) const {
    const auto found = images_.find(key_of({item.id, item.picture, DataPictureKind::tile}));
    return found != images_.end() && !found->second.image;
}

bool DataPictures::tick(DatasetService& source, const DataView* view) {
    ++tick_;
    for (DataPicture& picture : source.take_pictures())
        arrived_.push_back(std::move(picture));
    const std::size_t count = std::min(arrived_.size(), images_a_tick);
    for (std::size_t i = 0; i < count; ++i) {
        const DataPicture& picture = arrived_[i];
        images_[key_of(picture.request)] = {picture.pixels.width > 0 ? make_(picture.pixels) : nullptr, tick_};
        std::erase(asked_, picture.request);
    }
    arrived_.erase(arrived_.begin(), arrived_.begin() + static_cast<std::ptrdiff_t>(count));
    std::erase_if(missing_, [this](const DatasetPictureRequest& request) {
        return images_.contains(key_of(request)) ||
               std::ranges::any_of(arrived_, [&](const DataPicture& each) { return each.request == request; });
    });
    // A new view may hold what could not be made for the last one.
    if ((missing_ != asked_ || asked_of_ != view) && !(missing_.empty() && asked_.empty())) {
        source.request_pictures(missing_);
        asked_ = missing_;
        asked_of_ = view;
    }
    missing_.clear();
    if (images_.size() > most_images)
        std::erase_if(images_, [this](const auto& entry) { return entry.second.used + 120 < tick_; });
    return count > 0;
}

} // namespace atelier::studio
