// SPDX-License-Identifier: Apache-2.0
#include "train/sampler.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace atelier::train {

Sampler::Sampler(int n, std::uint32_t seed, const Options& options)
    : order_(static_cast<std::size_t>(n)), random_(seed), options_(options) {
    std::iota(order_.begin(), order_.end(), 0);
    if (options.shuffle) {
        random_.shuffle(order_);
        window_ = static_cast<std::int64_t>(std::nearbyint(n * options.window));
    }
}

int Sampler::next() {
    const auto n = static_cast<std::int64_t>(order_.size());
    while (true) {
        const std::int64_t i = index_ % n;
        const bool ours = index_ % options_.num_replicas == options_.rank;
        const auto chosen = static_cast<int>(order_[static_cast<std::size_t>(i)]);
        if (window_ >= 2) {
            const std::int64_t j = (i - random_.randint(0, window_) + n) % n;
            std::swap(order_[static_cast<std::size_t>(i)], order_[static_cast<std::size_t>(j)]);
        }
        ++index_;
        if (ours) {
            return chosen;
        }
    }
}

void Sampler::skip(std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
        next();
    }
}

SnapshotGrid snapshot_grid(int n, int resolution, const std::vector<std::int64_t>& labels, std::uint32_t seed) {
    NumpyRandom random(seed);
    SnapshotGrid grid;
    grid.columns = std::clamp(7680 / resolution, 7, 32);
    grid.rows = std::clamp(4320 / resolution, 4, 32);
    if (labels.empty()) {
        std::vector<std::int64_t> all(static_cast<std::size_t>(n));
        std::iota(all.begin(), all.end(), 0);
        random.shuffle(all);
        for (int i = 0; i < grid.columns * grid.rows; ++i) {
            grid.indices.push_back(static_cast<int>(all[static_cast<std::size_t>(i % n)]));
        }
        return grid;
    }
    std::map<std::int64_t, std::vector<std::int64_t>> groups;
    for (int i = 0; i < n; ++i) {
        groups[labels[static_cast<std::size_t>(i)]].push_back(i);
    }
    std::vector<std::int64_t> names;
    for (auto& [name, members] : groups) {
        random.shuffle(members);
        names.push_back(name);
    }
    for (int y = 0; y < grid.rows; ++y) {
        std::vector<std::int64_t>& members = groups[names[static_cast<std::size_t>(y) % names.size()]];
        for (int x = 0; x < grid.columns; ++x) {
            grid.indices.push_back(static_cast<int>(members[static_cast<std::size_t>(x) % members.size()]));
        }
        // The next row of this class begins where this one ended.
        const auto shift = static_cast<std::size_t>(grid.columns) % members.size();
        std::rotate(members.begin(), members.begin() + static_cast<std::ptrdiff_t>(shift), members.end());
    }
    return grid;
}

} // namespace atelier::train
