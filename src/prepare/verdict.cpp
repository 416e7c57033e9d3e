// SPDX-License-Identifier: Apache-2.0
#include "prepare/verdict.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include <fmt/format.h>

namespace atelier::prepare {
namespace {

void drop(Item& item, Reason reason, std::string words) {
    item.kept = false;
    item.reason = reason;
    item.words = std::move(words);
}

void judge_pose(Item& item, const Thresholds& limits) {
    const Scores& s = item.facts.scores;
    if (std::abs(s.yaw) > limits.yaw) {
        drop(item, Reason::turned,
             fmt::format("is turned {:.0f}° to the side; at most {:.0f}° pass", std::abs(s.yaw), limits.yaw));
    } else if (std::abs(s.pitch) > limits.pitch) {
        drop(item, Reason::turned,
             fmt::format("looks {:.0f}° {}; at most {:.0f}° pass", std::abs(s.pitch), s.pitch > 0 ? "up" : "down",
                         limits.pitch));
    } else if (std::abs(s.roll) > limits.roll) {
        drop(item, Reason::turned,
             fmt::format("is tilted by {:.0f}°; at most {:.0f}° pass", std::abs(s.roll), limits.roll));
    }
}

void judge_cover(Item& item, const Thresholds& limits) {
    const Scores& s = item.facts.scores;
    const std::pair<double, const char*> parts[] = {{s.eyes, "the eyes seem covered or can't be made out"},
                                                    {s.mouth, "the mouth seems covered or can't be made out"},
                                                    {s.skin, "a part of the face seems covered"},
                                                    {s.fit, "the parts of the face can't be placed with certainty"}};
    const auto worst = std::ranges::min_element(parts, {}, [](const auto& part) { return part.first; });
    if (worst->first < limits.occlusion) {
        drop(item, Reason::covered,
             fmt::format("{} ({:.2f}; at least {:.2f} passes)", worst->second, worst->first, limits.occlusion));
    }
}

void judge_alone(Item& item, const CutOptions& options, const Thresholds& limits) {
    const Scores& s = item.facts.scores;
    const bool face = options.mode == Mode::faces;
    if (s.source < limits.source) {
        drop(item, Reason::small,
             fmt::format("has only {:.0f} px of its own across; at least {:.0f} are asked for", s.source,
                         limits.source));
    }
    if (item.kept && face) {
        judge_pose(item, limits);
    }
    if (item.kept && face) {
        judge_cover(item, limits);
    }
    if (item.kept && face && s.face < limits.face) {
        drop(item, Reason::unsure_face,
             fmt::format("is not surely a face (confidence {:.2f}; at least {:.2f} passes)", s.face, limits.face));
    }
    if (item.kept && s.sharpness < limits.sharpness) {
        drop(item, Reason::unsharp,
             fmt::format("is not sharp ({:.2f}; at least {:.2f} passes)", s.sharpness, limits.sharpness));
    }
    if (item.kept && s.exposure < limits.exposure) {
        drop(item, Reason::exposure,
             fmt::format("is too dark, too bright or burnt out ({:.2f}; at least {:.2f} passes)", s.exposure,
                         limits.exposure));
    }
}

// Finds pictures whose hashes differ in at most `most` bits: cut into most + 1 parts, one part is then the same.
class NearIndex {
public:
    explicit NearIndex(int most) : most_(most), parts_(std::min(most + 1, 64)) {}

    // The first one added that is alike; nullptr if there is none.
    const Item* find(const Item& item) const {
        const Scores& s = item.facts.scores;
        for (int part = 0; part < parts_; ++part) {
            const auto found = rows_.find(slice(s.hash, part));
            if (found == rows_.end()) {
                continue;
            }
            for (const Item* other : found->second) {
                if (alike(s, other->facts.scores)) {
                    return other;
                }
            }
        }
        return nullptr;
    }

    void add(const Item& item) {
        for (int part = 0; part < parts_; ++part) {
            rows_[slice(item.facts.scores.hash, part)].push_back(&item);
        }
    }

private:
    // The part's bits with its number above them.
    std::uint64_t slice(std::uint64_t hash, int part) const {
        const int from = 64 * part / parts_, to = 64 * (part + 1) / parts_;
        const std::uint64_t mask = to - from >= 64 ? ~0ULL : (1ULL << (to - from)) - 1;
        return ((hash >> from) & mask) * 64 + static_cast<std::uint64_t>(part);
    }

    // The same drawing in other colours is another picture.
    bool alike(const Scores& a, const Scores& b) const {
        if (std::popcount(a.hash ^ b.hash) > most_) {
            return false;
        }
        double sum = 0;
        for (std::size_t i = 0; i < a.colours.size(); ++i) {
            const double d = static_cast<double>(a.colours[i]) - b.colours[i];
            sum += d * d;
        }
        constexpr double most_levels = 10; // root mean square, of 255
        return std::sqrt(sum / static_cast<double>(a.colours.size())) <= most_levels;
    }

    int most_, parts_;
    std::unordered_map<std::uint64_t, std::vector<const Item*>> rows_;
};

void drop_alike(std::vector<Item>& items, const Thresholds& limits) {
    std::vector<std::size_t> order(items.size());
    std::iota(order.begin(), order.end(), 0U);
    // What a person wants comes first, so that it is never the one to go; then the largest.
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        const bool request_a = items[a].request == Override::keep, request_b = items[b].request == Override::keep;
        return request_a != request_b ? request_a : items[a].facts.scores.source > items[b].facts.scores.source;
    });
    std::unordered_map<std::string, const Item*> same;
    NearIndex near(std::max(limits.near, 0));
    for (const std::size_t i : order) {
        Item& item = items[i];
        if (!item.kept) {
            continue;
        }
        const auto [found, fresh] = same.try_emplace(item.facts.scores.digest, &item);
        const Item* twin = limits.near >= 0 ? near.find(item) : nullptr;
        if (item.request != Override::keep && !fresh && limits.duplicates) {
            drop(item, Reason::duplicate, fmt::format("is the same picture as {}", found->second->name));
        } else if (item.request != Override::keep && twin != nullptr) {
            drop(item, Reason::near_duplicate, fmt::format("is nearly the same picture as {}", twin->name));
        } else if (limits.near >= 0) {
            near.add(item);
        }
    }
}

} // namespace

const char* name_of(Reason reason) {
    switch (reason) {
    case Reason::kept: return "kept";
    case Reason::unreadable: return "unreadable";
    case Reason::no_face: return "no face";
    case Reason::by_hand: return "dropped by hand";
    case Reason::no_label: return "no label";
    case Reason::unsure_face: return "unsure face";
    case Reason::small: return "too small";
    case Reason::turned: return "not frontal";
    case Reason::covered: return "face covered";
    case Reason::unsharp: return "not sharp";
    case Reason::exposure: return "badly exposed";
    case Reason::duplicate: return "duplicate";
    case Reason::near_duplicate: return "near-duplicate";
    }
    return "";
}

namespace {

// Sharpness is measured at 256 px a side, to which a smaller picture is blown up: an edge is then a slope, of which a
// blur takes less away. The median of 24 sharp faces (libdlib's bald_guys.jpg) is 0.52 from 256 px on, 0.43 at 128 and
// 0.235 at 64; the limit shrinks as that does.
double sharpness_limit(int size) {
    constexpr double whole = 0.3;
    return size >= 256 ? whole : size >= 128 ? whole * 0.8 : whole * 0.45;
}

} // namespace

Thresholds default_thresholds(const CutOptions& options) {
    Thresholds limits;
    limits.source = options.size / 2.0;
    if (options.mode == Mode::faces) {
        limits.face = 0.4; // about where a badge or a pattern can get to
        limits.yaw = 25;
        limits.pitch = 30;
        limits.roll = 60;
        limits.occlusion = 0.5;
        limits.sharpness = std::round(100 * sharpness_limit(options.size)) / 100;
        limits.exposure = 0.25;
        limits.near = 6;
    }
    return limits;
}

void judge(std::vector<Item>& items, const CutOptions& options, const Thresholds& limits, bool labels) {
    for (Item& item : items) {
        item.kept = true;
        item.reason = Reason::kept;
        item.words.clear();
        if (item.crop < 0) {
            drop(item, item.width > 0 ? Reason::no_face : Reason::unreadable, item.trouble);
        } else if (labels && item.folder.empty()) {
            drop(item, Reason::no_label, "lies in no subfolder, which would be its label");
        } else if (item.request == Override::drop) {
            drop(item, Reason::by_hand, "was dropped by hand");
        } else if (item.request == Override::keep) {
            item.words = "was kept by hand";
        } else {
            judge_alone(item, options, limits);
        }
    }
    drop_alike(items, limits);
}

} // namespace atelier::prepare
