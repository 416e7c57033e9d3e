// SPDX-License-Identifier: Apache-2.0
// LimitOffer: where no picture is kept, the one limit that keeps the most once it is loosened.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "prepare/options.h"
#include "prepare/verdict.h"

namespace atelier::prepare {

struct LimitOffer {
    // By the command line's option without its dashes: "min-sharpness", ...; more than one only where no single limit
    // keeps any.
    std::vector<std::pair<std::string, double>> changes;
    std::size_t kept = 0, of = 0; // with them; of all items
    std::string words;            // "Sharpness 0.22 keeps 18 of 21"
    bool operator==(const LimitOffer&) const = default;
};

// Empty where something is kept, or no limit is in the way. The limit offered keeps 17 in 20 of those that it alone
// leaves out, in whole steps of its slider. The items' verdicts don't count and stay as they are.
std::optional<LimitOffer> offer_limit(const std::vector<Item>& items, const CutOptions& options,
                                      const Thresholds& limits, bool labels);

} // namespace atelier::prepare
