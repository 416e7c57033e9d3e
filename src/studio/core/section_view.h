// SPDX-License-Identifier: Apache-2.0
// SectionView: the section of a panel that is brought into view, because it was unfolded or keys have led to it.
#pragma once

#include <string>

namespace atelier::studio {

struct SectionView {
    std::string current;     // the section whose control was touched last; empty: none
    std::string wanted;      // comes into view
    float from = 0;          // what has to be seen begins so far below its heading, in window pixels
    bool to_top = false;     // its heading goes to the panel's upper edge
    bool lead_there = false; // the keys' touched control becomes its heading
    int frames = 0;          // that still move it: what was unfolded counts as content from the next one on

    void show(const std::string& title, float below_heading, bool at_top) {
        wanted = title;
        from = below_heading;
        to_top = at_top;
        frames = 2;
    }
};

} // namespace atelier::studio
