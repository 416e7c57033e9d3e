// SPDX-License-Identifier: Apache-2.0
// A long list of deeds that fails, made short: parts of it are left out as long as what is left fails, too (Zeller and
// Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002). For tests only.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace atelier::soak {

using Deeds = std::vector<std::string>;

// `fails` is asked at most `tries` times. No deed of the result can be left out, unless the tries were used up.
inline Deeds shortened(Deeds deeds, const std::function<bool(const Deeds&)>& fails, int tries) {
    for (std::size_t parts = 2; deeds.size() >= 2;) {
        const std::size_t length = (deeds.size() + parts - 1) / parts;
        bool shorter = false;
        for (std::size_t from = 0; from < deeds.size() && !shorter; from += length) {
            if (tries-- <= 0)
                return deeds;
            Deeds rest(deeds.begin(), deeds.begin() + static_cast<std::ptrdiff_t>(from));
            rest.insert(rest.end(), deeds.begin() + static_cast<std::ptrdiff_t>(std::min(from + length, deeds.size())),
                        deeds.end());
            if (fails(rest)) {
                deeds = std::move(rest);
                shorter = true;
            }
        }
        if (shorter)
            parts = std::max<std::size_t>(2, parts - 1);
        else if (length == 1)
            break;
        else
            parts = std::min(2 * parts, deeds.size());
    }
    return deeds;
}

} // namespace atelier::soak
