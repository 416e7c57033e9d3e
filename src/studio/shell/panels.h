// SPDX-License-Identifier: Apache-2.0
// The parts of the window that belong to no feature, one function and one file each; and the layout of all. They read
// and write the Studio and draw with ImGui.
#pragma once

#include <imgui.h>

#include "studio/core/dialog.h"
#include "studio/core/picture_place.h"
#include "studio/dataset/data_panel.h"
#include "studio/session/session_dialogs.h"
#include "studio/shell/file_chooser.h"
#include "studio/shell/tour.h"
#include "studio/studio.h"
#include "studio/toolkit/texts.h"
#include "studio/train/train_panel.h"

namespace atelier::studio {

// Of the interface: what was chosen, else what the monitor has. 1: 96 dpi.
float interface_scale(const Studio& studio, double monitor);

// Where everything lies, in window pixels.
struct Layout {
    Box top, left, picture, right, timeline, status;
    bool rail = false;       // the left panel is folded
    bool train_rail = false; // the right one is
};
Layout make_layout(const Studio& studio, ImVec2 display, float scale);

// Everything but the picture itself.
void draw_window(Studio& studio, FileChooser& chooser, const Layout& layout);

void draw_top_bar(Studio& studio, const Box& box);
void draw_left_panel(Studio& studio, const Box& box, bool rail);
void draw_right_panel(Studio& studio, const Layout& layout);
void draw_picture_area(Studio& studio, const Box& box);
void draw_status_line(Studio& studio, const Box& box);
void draw_stats_overlay(Studio& studio, const Box& box); // over the picture
// The tour's card. What it points at has to be watched while the rest is drawn.
void watch_tour(Studio& studio);
void draw_tour(Studio& studio, const Layout& layout);
void draw_toasts(Studio& studio, const Box& box);

void draw_help(Studio& studio);
void draw_log(Studio& studio);
void draw_settings_dialog(Studio& studio);
void draw_closing_dialog(Studio& studio);

} // namespace atelier::studio
