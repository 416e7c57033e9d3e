// SPDX-License-Identifier: Apache-2.0
#include "studio/services/thumbnails.h"

#include <algorithm>

namespace atelier::studio {
namespace {
constexpr int side = 128;               // px, enough for the largest tile at twice the usual scale
constexpr std::size_t most_kept = 1024; // 64 MB at the most
constexpr std::uint64_t not_a_seed = std::uint64_t{1} << 63U;
} // namespace

ImTextureID Thumbnails::get(std::uint32_t seed) {
    return find(seed, [seed] {
        RenderParams params;
        params.walk.seeds = {seed};
        params.psi = default_psi;
        return params;
    });
}

ImTextureID Thumbnails::get(const RenderSettings& settings) {
    return find(hash_of(settings) | not_a_seed, [&] { return params_of_settings(settings, context); });
}

ImTextureID Thumbnails::get(const LatentBlend& latent) {
    RenderSettings settings;
    settings.latent = latent;
    settings.psi = default_psi;
    return get(settings);
}

ImTextureID Thumbnails::find(std::uint64_t key, const std::function<RenderParams()>& params) {
    const auto found = entries_.find(key);
    const bool stale = found == entries_.end() || found->second.generation != generation_;
    if (stale &&
        std::none_of(missing_.begin(), missing_.end(), [key](const auto& request) { return request.key == key; })) {
        missing_.push_back({key, params()});
    }
    if (found == entries_.end())
        return {};
    found->second.used = tick_;
    return found->second.image->id();
}

bool Thumbnails::update(RenderService& source, std::uint64_t model) {
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
        entries_[thumbnail.key] = {maker_(*thumbnail.pixels), tick_, generation_};
        ++received_;
        news = true;
    }
    std::erase_if(missing_, [this](const ThumbnailRequest& request) {
        const auto found = entries_.find(request.key);
        return found != entries_.end() && found->second.generation == generation_;
    });
    if (model_ != 0 && missing_ != asked_ && !(missing_.empty() && asked_.empty())) {
        source.request_thumbnails(missing_, side);
        asked_ = missing_;
    }
    missing_.clear();
    if (entries_.size() > most_kept) {
        std::vector<std::pair<std::uint64_t, std::uint64_t>> ages;
        for (const auto& [key, entry] : entries_)
            ages.emplace_back(entry.used, key);
        std::sort(ages.begin(), ages.end());
        for (std::size_t i = 0; i < most_kept / 4; ++i)
            entries_.erase(ages[i].second);
    }
    return news;
}

} // namespace atelier::studio
