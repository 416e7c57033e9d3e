// SPDX-License-Identifier: Apache-2.0
#include "inputs/net/traffic.h"

#include <algorithm>
#include <tuple>

namespace atelier::net {
namespace {
constexpr std::size_t longest_value = 40;
constexpr double crowded_seconds = 10; // while the list is full, what rested so long makes room
constexpr double tidy_every = 1; // seconds, so that a flood of new addresses doesn't go through the list each time
} // namespace

void Traffic::note(std::string_view address, std::string_view from, TrafficKind kind, std::string_view value,
                   double now) {
    const std::lock_guard lock(mutex_);
    key_.assign(address).append(1, ' ').append(from);
    auto found = rows_.find(key_);
    if (found == rows_.end()) {
        if (rows_.size() >= most_rows && now - tidied_ >= tidy_every)
            forget(now, crowded_seconds);
        if (rows_.size() >= most_rows) {
            ++unlisted_;
            return;
        }
        found = rows_.emplace(key_, TrafficRow{std::string(address), std::string(from)}).first;
    }
    TrafficRow& row = found->second;
    row.kind = kind;
    row.value.assign(value.substr(0, longest_value));
    ++row.count;
    row.at = now;
}

void Traffic::forget(double now, double seconds) {
    tidied_ = now;
    std::erase_if(rows_, [&](const auto& each) { return now - each.second.at > seconds; });
}

std::vector<TrafficRow> Traffic::rows(double now) {
    std::vector<TrafficRow> out;
    {
        const std::lock_guard lock(mutex_);
        forget(now, kept_seconds);
        for (const auto& [key, row] : rows_)
            out.push_back(row);
    }
    std::ranges::sort(out, [](const TrafficRow& a, const TrafficRow& b) {
        return std::tie(a.address, a.from) < std::tie(b.address, b.from);
    });
    return out;
}

std::uint64_t Traffic::unlisted() const {
    const std::lock_guard lock(mutex_);
    return unlisted_;
}

void Traffic::clear() {
    const std::lock_guard lock(mutex_);
    rows_.clear();
    unlisted_ = 0;
}

} // namespace atelier::net
