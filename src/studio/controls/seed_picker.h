// SPDX-License-Identifier: Apache-2.0
// SeedPicker: what the dialog that chooses a seed by its picture shows, for what UiState::pick says.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace atelier::studio {

enum class Shelf { seeds, stars, keyframes };

struct SeedPicker {
    std::uint32_t page = 0;
    std::string typed;
    Shelf shelf = Shelf::seeds;
    bool was_open = false;
    bool sources = false;                 // latents may be picked, too
    std::vector<std::uint32_t> collected; // since it was opened
};

} // namespace atelier::studio
