// SPDX-License-Identifier: Apache-2.0
#include "studio/core/output_window_state.h"

namespace atelier::studio {

int choose_monitor(const std::vector<OutputMonitor>& monitors, const std::string& remembered) {
    int elsewhere = -1;
    for (std::size_t i = 0; i < monitors.size(); ++i) {
        if (!remembered.empty() && monitors[i].label == remembered)
            return static_cast<int>(i);
        if (elsewhere < 0 && !monitors[i].holds_studio)
            elsewhere = static_cast<int>(i);
    }
    return elsewhere < 0 && !monitors.empty() ? 0 : elsewhere;
}

std::string output_monitor(const Output& output, const std::string& remembered) {
    if (output.open)
        return output.monitor;
    const int chosen = choose_monitor(output.monitors, remembered);
    return chosen < 0 ? std::string() : output.monitors[static_cast<std::size_t>(chosen)].label;
}

} // namespace atelier::studio
