// SPDX-License-Identifier: Apache-2.0
// Controls: what stands at the left of the picture - walk, truncation, mix, noise, directions, oscillators - with the
// seed map and the seed picker that belong to them. Owned by the Studio, used by the UI thread alone.
#pragma once

#include <filesystem>

#include "studio/controls/direction_cache.h"
#include "studio/controls/direction_slider_store.h"
#include "studio/controls/pointed_at.h"
#include "studio/controls/seed_picker.h"
#include "studio/controls/walk_controller.h"
#include "studio/core/context.h"
#include "studio/core/feature_ui.h"

namespace atelier::studio {

struct Controls {
    // folder: where a model's directions and their sliders are kept; empty: nowhere.
    Controls(StudioContext& context, const std::filesystem::path& folder);

    bool tick(double seconds); // true if what the window shows has changed
    void finish();             // waits for the disk

    StudioContext& context;
    WalkController walk;
    Directions directions;
    DirectionSliderStore direction_sliders;
    SeedPicker seed_picker;
    FollowedPicture prepared;                              // the preview's
    PointedAt pointed;                                     // in the seed map or the seed picker
    int map_collected = 0;                                 // seeds added in the map since it was opened
    DirectionMethod chosen_method = DirectionMethod::sefa; // of the next slider
};

FeatureUi ui_of(Controls& controls);

// The beat as a light. Pure.
struct BeatLight {
    bool on = false;    // for a quarter of each beat
    bool first = false; // of its bar
    double rest = 0;    // beats until it changes
};
BeatLight beat_light(double beat, int beats_per_bar);
inline constexpr float tempo_bar_width = 176;     // 96 dpi pixels
void draw_tempo(Controls& controls, float width); // where it is narrow, without the value
void draw_walk_panel(Controls& controls);
void draw_truncation_panel(Controls& controls);
void draw_psi_groups_button(Controls& controls);
void draw_mix_panel(Controls& controls);
void draw_mix_sheet_button(Controls& controls);
void draw_noise_panel(Controls& controls);
void draw_look_panel(Controls& controls);
void draw_directions_panel(Controls& controls);
void draw_oscillators_panel(Controls& controls);
void draw_seed_picker(Controls& controls);
void draw_seed_map(Controls& controls, const Box& box);

} // namespace atelier::studio
