// SPDX-License-Identifier: Apache-2.0
// The PROJECTOR section: how the output window fits the monitor that it fills. Owned by the Studio, used by the UI
// thread alone.
#pragma once

#include "base/corner_pin.h"
#include "studio/core/feature_ui.h"
#include "studio/core/output_window_state.h"
#include "studio/core/settings.h"

namespace atelier::studio {

struct PinArea;

class ProjectorPanel {
public:
    ProjectorPanel(Settings& settings, Output& output) : settings_(settings), output_(output) {}
    void draw(Arrows arrows);

private:
    bool draw_corners(CornerPin& pin, Arrows arrows);
    bool handle(CornerPin& pin, std::size_t corner, const PinArea& area, Arrows arrows);

    Settings& settings_;
    Output& output_;
    PinPoint hand_{}; // where the mouse has led the corner that it holds, also where that can't go
};

inline constexpr const char* projector_section = "PROJECTOR"; // its heading

FeatureUi ui_of(ProjectorPanel& panel, const UiState& ui);

} // namespace atelier::studio
