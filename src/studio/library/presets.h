// SPDX-License-Identifier: Apache-2.0
// Presets: nine scenes to come back to, slot 0..8. Part of the Library; the scenes themselves are in the state.
#pragma once

#include <cstddef>

namespace atelier::studio {

struct StudioContext;

class Presets {
public:
    explicit Presets(StudioContext& context) : context_(context) {}
    void save(std::size_t slot);                   // what is shown
    void recall(std::size_t slot);                 // in the time of a morph
    void recall(std::size_t slot, double seconds); // morphs over state.morph_seconds
    void clear(std::size_t slot);

private:
    StudioContext& context_;
};

} // namespace atelier::studio
