// SPDX-License-Identifier: Apache-2.0
// The parts of the window, one function and one file each. They read and write the Studio and draw with
// ImGui; none keeps state of its own beyond what is being typed.
#pragma once

#include <filesystem>
#include <optional>
#include <span>

#include <imgui.h>

#include "studio/studio.h"
#include "studio/toolkit/icons.h"

namespace atelier::studio {

struct ButtonSpec; // studio/toolkit/widgets.h

// Where everything lies, in window pixels.
struct Box {
    float x = 0, y = 0, width = 0, height = 0;
    ImVec2 from() const { return {x, y}; }
    ImVec2 size() const { return {width, height}; }
};
struct Layout {
    Box top, left, picture, right, timeline, status;
    bool rail = false;       // the left panel is folded
    bool train_rail = false; // the right one is
};
Layout make_layout(const Studio& studio, ImVec2 display, float scale);

// Where the whole picture lies in its box: fitted, then zoomed and panned; in whole multiples when pixels
// are shown as they are.
Box place_picture(const ViewState& view, const Box& box, int width, int height);

// Where it lies in the output window: fitted, whatever the zoom.
Box place_output(const ViewState& view, int window_width, int window_height, int width, int height);

// The pictures to draw, in order: one, or two while the start model is compared with.
struct PicturePart {
    bool start_model = false; // Frame::compare
    Box place, clip;
};
std::vector<PicturePart> picture_parts(const Studio& studio, const Box& box);
// The part of the box that the picture under the mouse is fitted into: a half of it while two stand side by side.
Box picture_box(const Studio& studio, const Box& box, ImVec2 mouse);
void draw_compare(Studio& studio, const Box& box);

// Everything but the picture itself.
void draw_window(Studio& studio, const Layout& layout);

void draw_top_bar(Studio& studio, const Box& box);
void draw_left_panel(Studio& studio, const Box& box, bool rail);
void draw_right_panel(Studio& studio, const Layout& layout);
void draw_picture_area(Studio& studio, const Box& box);
void draw_status_line(Studio& studio, const Box& box);
void draw_walk_panel(Studio& studio);
void draw_truncation_panel(Studio& studio);
void draw_mix_panel(Studio& studio);
void draw_noise_panel(Studio& studio);
void draw_presets_panel(Studio& studio);
void draw_stars_panel(Studio& studio);
void draw_directions_panel(Studio& studio);
float timeline_height(const Studio& studio); // 96 dpi pixels; 0: there is nothing to show
void draw_timeline(Studio& studio, const Box& box);
void draw_seed_map(Studio& studio, const Box& box);
void draw_performance(Studio& studio, const Box& box); // over the picture
// The tour's card. What it points at has to be watched while the rest is drawn.
void watch_tour(Studio& studio);
void draw_tour(Studio& studio, const Layout& layout);
void draw_toasts(Studio& studio, const Box& box);

// The Train panel and its parts, from above.
void draw_train_panel(Studio& studio, const Box& box);
void draw_train_rail(Studio& studio);
void draw_train_run(Studio& studio);
void draw_train_views(Studio& studio);
void draw_train_curves(Studio& studio);
void draw_train_options(Studio& studio);
void draw_expert_options(Studio& studio);
// The Data panel, and its pictures in the middle of the window.
void draw_data_panel(Studio& studio, const Box& box);
void draw_data_rail(Studio& studio);
void draw_data_cut(Studio& studio);
void draw_dataset_grid(Studio& studio, const Box& box);
constexpr float data_foot_height = 140; // 96 dpi pixels: of the words and verbs below the large one
bool shows_data_large(const Studio& studio);
void draw_data_large(Studio& studio, const Box& box);                 // the selected one, which is there
std::string data_item_text(const DataItem& item, prepare::Mode mode); // name, verdict and scores, in lines
// Grids in the middle of the window in place of the picture.
void draw_seed_grid(Studio& studio, const Box& box);

// Dialog::open, open_data, open_start, open_run and open_pictures: one dialog, what it takes differs.
void draw_open_dialog(Studio& studio);
void draw_seed_picker(Studio& studio);
void draw_export_dialog(Studio& studio);
void draw_export_running(Studio& studio, const ExportStatus& status);
void draw_perform_dialog(Studio& studio); // Dialog::export_timeline and export_performance
void draw_record_dialog(Studio& studio);
void draw_help(Studio& studio);
void draw_log(Studio& studio);
void draw_settings_dialog(Studio& studio);
void draw_closing_dialog(Studio& studio);
void draw_session_dialog(Studio& studio);
void draw_recover_dialog(Studio& studio);
void draw_latents_dialog(Studio& studio);
void draw_mix_dialog(Studio& studio);
void draw_prepare_dialog(Studio& studio);

// A heading over a part of the left panel; remembers whether it is open.
bool panel_section(Studio& studio, const char* title, float room = 0, bool standard = true);
// In the room beside a heading; 96 dpi pixels.
inline constexpr float beside_room = 128;
void draw_mix_sheet_button(Studio& studio);
struct PanelSection {
    const char* title;
    void (*draw)(Studio&);
    bool shown = true;
    bool open = true;                  // until it is folded
    void (*beside)(Studio&) = nullptr; // its heading while it is open, in beside_room
};
// The button beside the first heading, which folds the whole panel.
struct PanelFold {
    const char* id;
    Icon icon;
    const char* key;
    bool& folded;
};
// space: below each, 96 dpi pixels.
void draw_sections(Studio& studio, std::span<const PanelSection> sections, const PanelFold& fold, float space);

// A centred window over everything else for the dialog `which`; its size in 96 dpi pixels. False while it
// is closed; else end_dialog() must follow. A click on the cross or Esc closes it.
bool begin_dialog(Studio& studio, Dialog which, const char* title, ImVec2 size);
void end_dialog();
// At its foot: a button that closes it, and the one that does what it is for. True when the latter was clicked.
bool dialog_buttons(Studio& studio, const char* close_id, const ButtonSpec& close, const char* id,
                    const ButtonSpec& spec);

// Enter was pressed since the last frame, and no field has taken it for a value.
bool enter_pressed(Studio& studio);

// What the path stands for, links followed, as it was within the last second; none while that is being looked at.
std::optional<std::filesystem::file_type> kind_on_disk(const std::filesystem::path& path);
bool is_there(const std::filesystem::path& path); // false while that is not known

std::string seed_tooltip(std::uint32_t seed, const char* hint);
std::string time_text(double seconds); // "0:07", "12:30", "1:02:03"

} // namespace atelier::studio
