// SPDX-License-Identifier: Apache-2.0
// A model file's networks and what it says of itself, ready to be written as a file of any family.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "io/checkpoint.h"

namespace atelier::model {

struct Conversion {
    bool only_g_ema = false; // G and D are left out
    // In place of what the file says; none: that stays, empty: nothing is said.
    std::optional<std::string> license, origin, dataset;
};

// Through the networks, so that only what was understood and checked is written. What belongs to a run is left out: it
// can't be gone on with from another file. `path`: of the file, for messages. `networks_done` is told after each
// network and may throw to end it. Throws Error where there is no network to convert, or one doesn't fit its options.
io::CheckpointFile converted(const io::CheckpointFile& file, const std::string& path, const Conversion& how,
                             std::vector<std::string>& warnings, const std::function<void(int)>& networks_done = {});

} // namespace atelier::model
