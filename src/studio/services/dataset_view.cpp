// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>
#include <tuple>

#include "studio/services/dataset_service.h"

namespace atelier::studio {

void HandChoices::join(const HandChoices& others) {
    overrides.insert(others.overrides.begin(), others.overrides.end());
    crops.insert(others.crops.begin(), others.crops.end());
}

std::vector<std::uint32_t> sorted_order(const std::vector<DataItem>& items, const DataChoices& choices) {
    std::vector<std::uint32_t> order(items.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto sort = [&](auto&& key) {
        std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) {
            return choices.reverse ? key(items[b]) < key(items[a]) : key(items[a]) < key(items[b]);
        });
    };
    switch (choices.sort) {
    case DataSort::added:
        if (choices.reverse)
            std::ranges::reverse(order);
        break;
    case DataSort::name: sort([](const DataItem& item) -> const std::string& { return item.name; }); break;
    case DataSort::verdict: sort([](const DataItem& item) { return std::tuple(!item.kept, item.reason); }); break;
    case DataSort::score: // what was not measured comes last, whichever way
        sort([&](const DataItem& item) {
            return std::pair(item.cut == choices.reverse, item.scores[static_cast<std::size_t>(choices.score)]);
        });
        break;
    }
    return order;
}

std::array<prepare::Point, 4> changed_crop(const std::array<prepare::Point, 4>& corners, const CropChange& change) {
    prepare::Point middle;
    for (const prepare::Point& corner : corners) {
        middle.x += corner.x / 4;
        middle.y += corner.y / 4;
    }
    std::array<prepare::Point, 4> out{};
    std::ranges::transform(corners, out.begin(), [&](const prepare::Point& corner) {
        return prepare::Point{middle.x + (corner.x - middle.x) * change.scale + change.x,
                              middle.y + (corner.y - middle.y) * change.scale + change.y};
    });
    return out;
}

} // namespace atelier::studio
