// SPDX-License-Identifier: Apache-2.0
#include "studio/adapters/dataset_items.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "base/sha256.h"
#include "base/small_picture.h"

namespace atelier::studio {
namespace {

std::array<double, score_count> scores_of(const prepare::Scores& s) {
    return {s.face, std::abs(s.yaw), std::abs(s.pitch), std::abs(s.roll), s.eyes,  s.mouth,
            s.skin, s.fit,           s.sharpness,       s.exposure,       s.source};
}

std::vector<ReasonCount> reasons(const std::vector<prepare::Item>& items, prepare::Mode mode, bool labels) {
    using prepare::Reason;
    std::vector<ReasonCount> all;
    for (int i = static_cast<int>(Reason::unreadable); i <= static_cast<int>(Reason::near_duplicate); ++i) {
        const auto reason = static_cast<Reason>(i);
        const bool of_faces = reason == Reason::no_face || reason == Reason::unsure_face || reason == Reason::turned ||
                              reason == Reason::covered;
        if ((of_faces && mode != prepare::Mode::faces) || (reason == Reason::no_label && !labels))
            continue;
        const auto count = std::ranges::count(items, reason, &prepare::Item::reason);
        all.push_back({reason, prepare::name_of(reason), static_cast<std::size_t>(count)});
    }
    return all;
}

DataItem data_item(std::uint64_t id, const prepare::Item& item, const prepare::Item& automatic) {
    DataItem out;
    out.id = id;
    out.picture = picture_of(item);
    out.name = item.name;
    out.width = item.width;
    out.height = item.height;
    out.cut = item.crop >= 0;
    out.automatic = automatic.facts.corners;
    out.corners = item.facts.corners;
    out.scores = scores_of(item.facts.scores);
    out.request = item.request;
    out.kept = item.kept;
    out.reason = item.reason;
    out.words = item.words;
    return out;
}

} // namespace

std::uint64_t id_of(const prepare::Sources& sources, const prepare::Item& item) {
    const prepare::Source& source = sources.pictures[item.source];
    Sha256 hash; // the same in every build: what was chosen by hand is kept by it
    hash.add(fmt::format("{}|{}|{}|{}", source.path.string(), source.entry, source.seconds, item.crop));
    return std::stoull(hash.finish().substr(0, 16), nullptr, 16);
}

std::uint64_t picture_of(const prepare::Item& item) {
    return std::hash<std::string>()(item.key) + static_cast<std::uint64_t>(item.crop);
}

std::shared_ptr<DataView> view_of(const std::vector<std::uint64_t>& ids, const std::vector<prepare::Item>& items,
                                  const std::vector<prepare::Item>& automatic, prepare::Mode mode,
                                  const DataChoices& choices) {
    auto view = std::make_shared<DataView>();
    view->items.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
        view->items.push_back(data_item(ids[i], items[i], automatic[i]));
    view->order = sorted_order(view->items, choices);
    view->kept = static_cast<std::size_t>(std::ranges::count_if(items, &prepare::Item::kept));
    view->left_out = reasons(items, mode, choices.labels);
    return view;
}

PixelBuffer shrunk(const PixelBuffer& picture, int side) {
    const int longest = std::max(picture.width, picture.height);
    if (longest <= side)
        return picture;
    return shrink_to(picture, std::max(1, picture.width * side / longest),
                     std::max(1, picture.height * side / longest));
}

} // namespace atelier::studio
