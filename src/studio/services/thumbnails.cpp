// SPDX-License-Identifier: Apache-2.0
#include "studio/services/thumbnails.h"

#include <algorithm>
#include <utility>

namespace atelier::studio {
namespace {
constexpr int side = 128;               // px, enough for the largest tile at twice the usual scale
constexpr int large_side = 384;         // px, likewise
constexpr std::size_t most_kept = 1024; // 64 MB at the most
// A request's key: a seed or 48 bits of a hash, and 15 bits that say of which generation the picture is, so that one
// that was asked for before the model changed never counts as one of after.
constexpr std::uint64_t not_a_seed = std::uint64_t{1} << 63U;
constexpr unsigned generation_at = 48;
constexpr std::uint64_t of_large = 0x5a17; // keeps a look's two sizes apart
constexpr std::uint64_t generation_bits = std::uint64_t{0x7fff} << generation_at;
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
    return find((hash_of(settings) & ~generation_bits) | not_a_seed,
                [&] { return params_of_settings(settings, context); });
}

ImTextureID Thumbnails::large(const RenderSettings& settings) {
    return find(((hash_of(settings) ^ of_large) & ~generation_bits) | not_a_seed,
                [&] { return params_of_settings(settings, context); }, true);
}

ImTextureID Thumbnails::get(const LatentBlend& latent) {
    RenderSettings settings;
    settings.latent = latent;
    settings.psi = default_psi;
    return get(settings);
}

ImTextureID Thumbnails::find(std::uint64_t key, const std::function<RenderParams()>& params, bool large) {
    const auto found = entries_.find(key);
    const bool stale = found == entries_.end() || found->second.generation != generation();
    const std::uint64_t wanted = key | generation();
    if (stale && large) {
        large_ = {wanted, params()};
    } else if (stale && std::none_of(missing_.begin(), missing_.end(),
                                     [wanted](const auto& request) { return request.key == wanted; })) {
        missing_.push_back({wanted, params()});
    }
    if (found == entries_.end())
        return {};
    found->second.used = tick_;
    return found->second.image->id();
}

std::uint64_t Thumbnails::generation() const {
    return generation_ << generation_at & generation_bits;
}

bool Thumbnails::there(const ThumbnailRequest& request) const {
    const auto found = entries_.find(request.key & ~generation_bits);
    return found != entries_.end() && found->second.generation == (request.key & generation_bits);
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
        entries_[thumbnail.key & ~generation_bits] = {maker_(*thumbnail.pixels), tick_,
                                                      thumbnail.key & generation_bits};
        ++received_;
        news = true;
    }
    std::erase_if(missing_, [this](const ThumbnailRequest& request) { return there(request); });
    const bool large = large_ && !there(*large_);
    const std::vector<ThumbnailRequest> wanted =
        large ? std::vector<ThumbnailRequest>{*large_} : std::exchange(missing_, {});
    if (model_ != 0 && wanted != asked_) {
        source.request_thumbnails(wanted, large ? large_side : side);
        asked_ = wanted;
    }
    missing_.clear();
    large_.reset();
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
