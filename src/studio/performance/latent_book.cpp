// SPDX-License-Identifier: Apache-2.0
#include "studio/performance/latent_book.h"

#include <algorithm>
#include <cstring>

namespace atelier::studio {
namespace {

std::uint64_t content_hash(const ExplicitLatent& latent) {
    std::uint64_t hash = 0x9e3779b97f4a7c15U + static_cast<std::uint64_t>(latent.layers);
    const auto add = [&hash](std::uint64_t word) {
        hash = (hash ^ word) * 0xff51afd7ed558ccdU;
        hash ^= hash >> 32U;
    };
    const char* at = reinterpret_cast<const char*>(latent.values.data());
    for (std::size_t left = latent.values.size() * sizeof(float); left > 0;) {
        std::uint64_t word = 0;
        const std::size_t part = std::min(left, sizeof word);
        std::memcpy(&word, at, part);
        add(word);
        at += part, left -= part;
    }
    return hash;
}

bool same_bits(const ExplicitLatent& a, const ExplicitLatent& b) {
    return a.space == b.space && a.layers == b.layers && a.values.size() == b.values.size() &&
           (a.values.empty() || std::memcmp(a.values.data(), b.values.data(), a.values.size() * sizeof(float)) == 0);
}

} // namespace

std::size_t LatentBook::number_of(const Latent& latent) {
    if (const auto found = by_address_.find(latent.get());
        found != by_address_.end() && found->second.latent.lock() == latent)
        return found->second.number;
    if (by_address_.size() >= tidy_at_)
        forget_gone();
    const std::uint64_t hash = content_hash(*latent);
    const auto [begin, end] = by_content_.equal_range(hash);
    const auto same = std::find_if(begin, end, [&](const auto& each) {
        const Latent other = each.second.latent.lock();
        return other && same_bits(*other, *latent);
    });
    const bool is_new = same == end;
    const Entry entry{latent, is_new ? numbers_++ : same->second.number};
    if (is_new)
        new_.push_back(latent);
    by_content_.emplace(hash, entry); // the other one may go first
    by_address_.insert_or_assign(latent.get(), entry);
    return entry.number;
}

void LatentBook::forget_gone() {
    const auto gone = [](const auto& each) { return each.second.latent.expired(); };
    std::erase_if(by_address_, gone);
    std::erase_if(by_content_, gone);
    tidy_at_ = std::max<std::size_t>(1024, 2 * by_address_.size());
}

} // namespace atelier::studio
