// SPDX-License-Identifier: Apache-2.0
#include "studio/thumbnails.h"

#include <algorithm>

namespace atelier::studio {
namespace {
constexpr int side = 128;               // px, enough for the largest tile at twice the usual scale
constexpr std::size_t most_kept = 1024; // 64 MB at the most
} // namespace

ImTextureID Thumbnails::get(std::uint32_t seed) {
    const auto found = entries_.find(seed);
    if ((found == entries_.end() || found->second.generation != generation_) &&
        std::find(missing_.begin(), missing_.end(), seed) == missing_.end()) {
        missing_.push_back(seed);
    }
    if (found == entries_.end())
        return {};
    found->second.used = tick_;
    return found->second.image->id();
}

bool Thumbnails::update(PictureSource& source, std::uint64_t model) {
    ++tick_;
    if (model != model_) {
        model_ = model;
        entries_.clear();
        asked_.clear();
    }
    bool news = false;
    for (const Thumbnail& thumbnail : source.take_thumbnails()) {
        if (thumbnail.model != model_ || !thumbnail.pixels)
            continue;
        entries_[thumbnail.seed] = {maker_(*thumbnail.pixels), tick_, generation_};
        ++received_;
        news = true;
    }
    std::erase_if(missing_, [this](std::uint32_t seed) {
        const auto found = entries_.find(seed);
        return found != entries_.end() && found->second.generation == generation_;
    });
    if (model_ != 0 && missing_ != asked_ && !(missing_.empty() && asked_.empty())) {
        source.request_thumbnails(missing_, side);
        asked_ = missing_;
    }
    missing_.clear();
    if (entries_.size() > most_kept) {
        std::vector<std::pair<std::uint64_t, std::uint32_t>> ages;
        for (const auto& [seed, entry] : entries_)
            ages.emplace_back(entry.used, seed);
        std::sort(ages.begin(), ages.end());
        for (std::size_t i = 0; i < most_kept / 4; ++i)
            entries_.erase(ages[i].second);
    }
    return news;
}

} // namespace atelier::studio
