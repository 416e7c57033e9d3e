// SPDX-License-Identifier: Apache-2.0
#include "train/sampler.h"

#include <algorithm>
#include <cmath>
#include <iterator>
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

SnapshotGrid snapshot_grid(int n, int width, int height, const std::vector<std::int64_t>& labels, std::uint32_t seed) {
    const int columns = std::clamp(7680 / width, 7, 32), rows = std::clamp(4320 / height, 4, 32);
    if (!labels.empty()) {
        std::vector<std::vector<float>> numbers;
        for (const std::int64_t label : labels) {
            numbers.push_back({static_cast<float>(label)});
        }
        return labelled_grid(numbers, columns, rows, seed);
    }
    SnapshotGrid grid{columns, rows, {}};
    std::vector<std::int64_t> all(static_cast<std::size_t>(n));
    std::iota(all.begin(), all.end(), 0);
    NumpyRandom(seed).shuffle(all);
    for (int i = 0; i < columns * rows; ++i) {
        grid.indices.push_back(static_cast<int>(all[static_cast<std::size_t>(i % n)]));
    }
    return grid;
}

SnapshotGrid labelled_grid(const std::vector<std::vector<float>>& labels, int columns, int rows, std::uint32_t seed) {
    const auto copy = [&](int picture, std::vector<float>& into) { into = labels[static_cast<std::size_t>(picture)]; };
    return labelled_grid(static_cast<int>(labels.size()), copy, columns, rows, seed);
}

// A row shows one label, so those of more labels than rows are never seen, nor shuffled before any that is: they are
// forgotten as soon as that is known.
SnapshotGrid labelled_grid(int n, const CopyLabel& copy_label, int columns, int rows, std::uint32_t seed) {
    NumpyRandom random(seed);
    SnapshotGrid grid{columns, rows, {}};
    std::map<std::vector<float>, std::vector<std::int64_t>> groups;
    std::vector<float> label;
    for (int i = 0; i < n; ++i) {
        copy_label(i, label);
        std::reverse(label.begin(), label.end());
        const bool full = groups.size() == static_cast<std::size_t>(rows);
        if (!full || label <= groups.rbegin()->first) {
            groups[label].push_back(i);
        }
        if (groups.size() > static_cast<std::size_t>(rows)) {
            groups.erase(std::prev(groups.end()));
        }
    }
    std::vector<std::vector<std::int64_t>*> in_order;
    for (auto& [label, members] : groups) {
        random.shuffle(members);
        in_order.push_back(&members);
    }
    for (int y = 0; y < rows; ++y) {
        std::vector<std::int64_t>& members = *in_order[static_cast<std::size_t>(y) % in_order.size()];
        for (int x = 0; x < columns; ++x) {
            grid.indices.push_back(static_cast<int>(members[static_cast<std::size_t>(x) % members.size()]));
        }
        // The next row of this label begins where this one ended.
        const auto shift = static_cast<std::size_t>(columns) % members.size();
        std::rotate(members.begin(), members.begin() + static_cast<std::ptrdiff_t>(shift), members.end());
    }
    return grid;
}

} // namespace atelier::train
