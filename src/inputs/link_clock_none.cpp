// SPDX-License-Identifier: Apache-2.0
// A program without Ableton Link.
#include "inputs/link_clock.h"

namespace atelier::inputs {

bool link_is_built_in() {
    return false;
}

std::unique_ptr<LinkClock> make_link_clock(double) {
    return nullptr;
}

} // namespace atelier::inputs
