// SPDX-License-Identifier: Apache-2.0
// DataPictures: the pictures of the Data tab that lie in the graphics memory, made as they are looked at. UI thread.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "studio/services/dataset_service.h"
#include "studio/services/thumbnails.h"

namespace atelier::studio {

class DataPictures {
public:
    explicit DataPictures(ImageMaker make) : make_(std::move(make)) {}

    // None while there is none; only what is asked for between two ticks is made.
    ImTextureID picture(const DataItem& item, DataPictureKind kind);
    bool is_broken(const DataItem& item) const; // it has no picture, and never will
    std::size_t count() const { return images_.size(); }
    bool waiting() const { return !asked_.empty() || !arrived_.empty(); }
    // Takes what has come, a few of them, and asks for what is missing in `view`. True if a picture has come.
    bool tick(DatasetService& source, const DataView* view);
    void clear() { images_.clear(); }

private:
    struct Entry {
        std::unique_ptr<ImageHandle> image; // null: there is none
        std::uint64_t used = 0;
    };
    static std::uint64_t key_of(const DatasetPictureRequest& request);

    ImageMaker make_;
    std::unordered_map<std::uint64_t, Entry> images_;
    std::vector<DatasetPictureRequest> missing_, asked_;
    std::vector<DataPicture> arrived_; // not made into images yet
    const DataView* asked_of_ = nullptr;
    std::uint64_t tick_ = 0;
};

} // namespace atelier::studio
