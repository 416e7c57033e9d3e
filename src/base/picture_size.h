// SPDX-License-Identifier: Apache-2.0
// A size of a picture or window as people write it: "1280x720", or "512" where the other side follows.
#pragma once

#include <optional>
#include <string_view>

namespace atelier {

struct WrittenSize {
    int width = 0;
    std::optional<int> height; // empty: only one number was written
    bool operator==(const WrittenSize&) const = default;
};

// Whole numbers of pixels from 0 on, with an x or X between; nothing else before, between or behind. Which sizes make
// sense is up to the caller. Empty for anything else, and for numbers beyond int.
std::optional<WrittenSize> read_size(std::string_view text);

} // namespace atelier
