// SPDX-License-Identifier: Apache-2.0
// Tour: which step of the tour stands on the screen; shell/tour.h has the steps.
#pragma once

#include <cstddef>

namespace atelier::studio {

struct Tour {
    bool on = false;
    std::size_t step = 0;
    bool begin_here = false; // the shell has to begin it
};

} // namespace atelier::studio
