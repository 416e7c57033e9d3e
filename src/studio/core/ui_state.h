// SPDX-License-Identifier: Apache-2.0
// UiState: what the window shows beside the document - dialog, tab, what stands in its middle - and the keys of this
// frame. A plain value; nothing of it is kept in files but what a Session says.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "studio/core/section_view.h"
#include "studio/state/parameters.h"
#include "studio/state/state.h"

namespace atelier::studio {

enum class Dialog {
    none,
    open,
    pick_seed,
    export_walk,
    record,
    settings,
    help,
    log,
    open_data,
    open_start,
    open_run,
    closing,
    save_session,
    recover,
    export_timeline,
    export_performance,
    save_latents,
    mix_sheet,
    open_pictures,
    prepare_set,
    export_model,
    crash_report,
};

// What stands in the middle of the window in place of the picture.
enum class CentreView { picture, seeds, augmented, map, data };

// Keys that lead to another control and use it.
enum class FocusMove { next, previous, press, menu };

// Arrow keys since the last frame; right and down count up.
struct Arrows {
    int x = 0, y = 0;
};

// What the seed picker was opened for.
struct SeedPick {
    std::uint32_t seed = 0;                    // the one it begins with
    std::function<void(std::uint32_t)> picked; // takes the seed
    // Takes one of several, with which the dialog stays; none: there is a place for one alone.
    std::function<void(std::uint32_t)> collected;
    // Takes a star's or a keyframe's latent in place of a seed; none: seeds alone can be picked.
    std::function<void(const LatentBlend&)> picked_latent;
    LatentBlend latent; // the one it begins with, if any
};

struct UiState {
    Dialog dialog = Dialog::none;
    Tab tab = Tab::perform;
    CentreView centre_view = CentreView::picture;
    SeedMap map;
    SeedPick pick;
    std::string log_to_render;   // for its dialog to begin with; empty: the last one
    bool all_toasts = false;     // all messages that stand are drawn, not the newest alone
    bool close_wanted = false;   // the window goes as soon as training is saved
    bool take_grid_keys = false; // the arrow keys move among the Data tab's pictures from the next frame on
    double fixed_scale = 0;      // of the interface, by the command line, until one is chosen; 0: none
    SectionView sections;        // which one comes into view
    bool number_typed = false;   // the field with the keyboard takes a number
    std::string display_path;    // how pictures come to the window, for the status line

    // Since the last frame.
    bool enter = false;
    std::vector<int> page_keys; // Page up (-1) and Page down (1)
    std::vector<FocusMove> focus_moves;
    std::vector<int> section_moves; // to the left panel's section before (-1) or after (1)
    Arrows arrows;
    double arrow_held = 0;  // seconds until one that is down counts as let go, unless it repeats
    bool hand_down = false; // a control is held, or an arrow key: what changes is one step of undo

    std::optional<ParameterRef> held{}; // of a control that a hand moves

    bool take_enter() { return std::exchange(enter, false); }

    void pick_seed(std::uint32_t now, std::function<void(std::uint32_t)> then,
                   std::function<void(std::uint32_t)> each_of_several = {}) {
        pick = {now, std::move(then), std::move(each_of_several), nullptr, {}};
        dialog = Dialog::pick_seed;
    }
    // A seed, or the latent of a star or a keyframe, with which `then` gets the seed of before.
    void pick_source(std::uint32_t now, const LatentBlend& latent,
                     std::function<void(std::uint32_t, const LatentBlend&)> then) {
        pick_seed(now, [then](std::uint32_t seed) { then(seed, {}); });
        pick.picked_latent = [then, now](const LatentBlend& source) { then(now, source); };
        pick.latent = latent;
    }
    // And what belongs into the middle of the window.
    void show_tab(Tab which) {
        tab = which;
        if (which == Tab::data) {
            centre_view = CentreView::data;
            take_grid_keys = true;
        } else if (centre_view == CentreView::data) {
            centre_view = CentreView::picture;
        }
    }
};

} // namespace atelier::studio
