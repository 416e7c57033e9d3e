// SPDX-License-Identifier: Apache-2.0
#include "prepare/offer.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace atelier::prepare {
namespace {

struct Bound {
    const char* id;
    const char* name;
    double Thresholds::*member;
    double step;
    double open; // lets all pass; above 0: an angle, at most
    const char* format;
    double (*score)(const Scores&);
};

const Bound bounds[] = {
    {"min-source", "Pixels", &Thresholds::source, 8, 0, "{:.0f} px", [](const Scores& s) { return s.source; }},
    {"min-sharpness", "Sharpness", &Thresholds::sharpness, 0.01, 0, "{:.2f}",
     [](const Scores& s) { return s.sharpness; }},
    {"min-exposure", "Exposure", &Thresholds::exposure, 0.01, 0, "{:.2f}", [](const Scores& s) { return s.exposure; }},
    {"max-yaw", "Turned", &Thresholds::yaw, 1, 180, "{:.0f}°", [](const Scores& s) { return std::abs(s.yaw); }},
    {"max-pitch", "Up, down", &Thresholds::pitch, 1, 180, "{:.0f}°", [](const Scores& s) { return std::abs(s.pitch); }},
    {"max-roll", "Tilted", &Thresholds::roll, 1, 180, "{:.0f}°", [](const Scores& s) { return std::abs(s.roll); }},
    {"min-visible", "In view", &Thresholds::occlusion, 0.01, 0, "{:.2f}",
     [](const Scores& s) {
         return std::min({s.eyes, s.mouth, s.skin, s.fit});
     }},
    {"min-face", "A face", &Thresholds::face, 0.05, 0, "{:.2f}", [](const Scores& s) { return s.face; }},
};

std::vector<Item> judged(std::vector<Item> items, const CutOptions& options, const Thresholds& limits, bool labels) {
    judge(items, options, limits, labels);
    std::erase_if(items, [](const Item& item) { return !item.kept; });
    return items;
}

// The strictest that 17 in 20 of them pass, in whole steps: the few worst of them are better left out.
double bound_for(const Bound& bound, const std::vector<Item>& items) {
    std::vector<double> scores;
    for (const Item& item : items)
        scores.push_back(bound.score(item.facts.scores));
    std::ranges::sort(scores);
    if (bound.open == 0)
        std::ranges::reverse(scores);
    const auto place = static_cast<std::size_t>(std::ceil(0.85 * static_cast<double>(scores.size()))) - 1;
    constexpr double hair = 1e-9; // 0.22 is no whole number of hundredths
    const double steps = scores[place] / bound.step;
    return (bound.open > 0 ? std::ceil(steps - hair) : std::max(0.0, std::floor(steps + hair))) * bound.step;
}

} // namespace

std::optional<LimitOffer> offer_limit(const std::vector<Item>& items, const CutOptions& options,
                                      const Thresholds& limits, bool labels) {
    if (!judged(items, options, limits, labels).empty())
        return std::nullopt;
    const Bound* best = nullptr;
    std::vector<Item> most;
    Thresholds all_open = limits;
    for (const Bound& bound : bounds) {
        Thresholds open = limits;
        open.*bound.member = all_open.*bound.member = bound.open;
        std::vector<Item> kept = judged(items, options, open, labels);
        if (kept.size() > most.size())
            best = &bound, most = std::move(kept);
    }
    LimitOffer offer;
    offer.of = items.size();
    if (best) {
        Thresholds loosened = limits;
        const double value = loosened.*best->member = bound_for(*best, most);
        offer.changes = {{best->id, value}};
        offer.kept = judged(items, options, loosened, labels).size();
        offer.words = fmt::format("{} {} keeps {} of {}", best->name, fmt::format(fmt::runtime(best->format), value),
                                  offer.kept, offer.of);
        return offer;
    }
    offer.kept = judged(items, options, all_open, labels).size();
    if (offer.kept == 0)
        return std::nullopt;
    for (const Bound& bound : bounds) {
        if (limits.*bound.member != bound.open)
            offer.changes.emplace_back(bound.id, bound.open);
    }
    offer.words = fmt::format("No limits keep {} of {}", offer.kept, offer.of);
    return offer;
}

} // namespace atelier::prepare
