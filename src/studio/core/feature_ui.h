// SPDX-License-Identifier: Apache-2.0
// FeatureUi: what a feature puts into the window. Each feature has one list of its own; the shell shows what stands in
// them and knows no panel by name.
#pragma once

#include <functional>
#include <vector>

#include "studio/core/key_table.h"
#include "studio/core/panel_sections.h"
#include "studio/core/ui_state.h"
#include "studio/toolkit/panel_box.h"

namespace atelier::studio {

// The left panel has two pages: what makes the picture, and what a show is set up with. One of them is seen.
enum class LeftPage { play, live };

// A section of the left panel. place: where it stands among those of all features on its page, the lowest above.
struct LeftSection {
    int place = 0;
    PanelSection section;
    LeftPage page = LeftPage::play;
};

// What stands in the middle of the window in place of the picture.
struct CentrePart {
    CentreView view = CentreView::picture;
    std::function<void(const Box&)> draw;
};

// A tab at the right of the picture, and what is left of it when it is folded.
struct TabPart {
    Tab tab = Tab::perform;
    std::function<void(const Box&)> draw;
    std::function<void()> draw_rail;
};

struct FeatureUi {
    std::vector<LeftSection> sections{};
    std::vector<std::function<void()>> dialogs{}; // each draws itself while it is open
    std::vector<CentrePart> centre{};
    std::vector<TabPart> tabs{};
    std::vector<KeyRows> keys{};
    std::vector<TriggerAct> triggers{}; // those that this feature does, each of them in one feature
};

} // namespace atelier::studio
