// SPDX-License-Identifier: Apache-2.0
// Output: the second window that shows the picture alone, as plain data. The studio says whether it is wanted, the App
// opens and draws it and tells what there is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace atelier::studio {

struct OutputMonitor {
    std::string label;         // name and size, unique among them
    bool holds_studio = false; // the studio's own window is there
};

// Where the output window goes: to the one remembered, else to the first that hasn't the studio, else to the only
// one. -1: there is none.
int choose_monitor(const std::vector<OutputMonitor>& monitors, const std::string& remembered);

struct Output;
// Label of the monitor that it fills, or would fill; empty: none is known.
std::string output_monitor(const Output& output, const std::string& remembered);

struct Output {
    bool wanted = false;
    void toggle() { wanted = !wanted; }
    bool card = false;            // the test card in place of the picture, until the window closes
    bool monitors_wanted = false; // somebody has to know them, and none is known

    // From the App.
    std::vector<OutputMonitor> monitors; // as last looked up
    bool open = false;
    std::string monitor; // label of the one it fills
    int width = 0, height = 0;
    std::uint64_t drawn = 0; // frames since it was opened
    // What the last one showed; only for a state dump.
    std::size_t hash = 0;
    std::string corner, middle; // colours, "rrggbb"
};

} // namespace atelier::studio
