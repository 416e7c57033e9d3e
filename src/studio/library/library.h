// SPDX-License-Identifier: Apache-2.0
// Library: what is kept while playing - presets, stars, the timeline's keyframes, latents in files. Owned by the
// Studio, used by the UI thread alone.
#pragma once

#include <string>
#include <vector>

#include "studio/core/context.h"
#include "studio/core/feature_ui.h"
#include "studio/library/cues.h"
#include "studio/library/gesture_recorder.h"
#include "studio/library/latent_files.h"
#include "studio/library/model_copies.h"
#include "studio/library/presets.h"
#include "studio/library/stars.h"
#include "studio/library/timeline_editor.h"
#include "studio/library/timeline_ruler.h"

namespace atelier::studio {

// What the dialog that saves latents is set to.
struct LatentsForm {
    std::string path;
    int ending = 1; // of .npy, .npz, .safetensors
    LatentForm form = LatentForm::w;
    LatentsOf of = LatentsOf::shown;
    bool was_open = false;
};

// What the strip of the timeline remembers between two frames.
struct TimelineStrip {
    double grabbed = 0;  // between the mouse and the keyframe that it holds, in the timeline's unit
    double seconds = 10; // all of it, while one is dragged
    RulerZoom zoom;
    std::string held_lane; // whose point the mouse or the arrow keys move
    int held_point = -1;
};

struct Library {
    // files: null where models can't be written.
    Library(StudioContext& context, std::unique_ptr<ModelFileService> files)
        : context(context), timeline(context), gestures(context), presets(context), cues(context, timeline, presets),
          stars(context), latent_files(context), copies(context, std::move(files)) {}

    StudioContext& context;
    TimelineEditor timeline;
    GestureRecorder gestures;
    Presets presets;
    CueList cues;
    int open_cue = -1; // whose details are shown
    Stars stars;
    LatentFiles latent_files;
    LatentsForm latents_form;
    ModelCopies copies;
    TimelineStrip strip;
};

FeatureUi ui_of(Library& library);

void draw_presets_panel(Library& library);
void draw_preset_seeds_button(Library& library);
void draw_cues_panel(Library& library);
void draw_stars_panel(Library& library);
float timeline_height(const Library& library); // 96 dpi pixels; 0: there is nothing to show
void draw_timeline(Library& library, const Box& box);
float song_height(const Library& library); // of the song's row; 0: there is none
void draw_song_row(const Library& library, const Ruler& ruler, const Box& box);
float lanes_height(const Library& library);
void draw_lanes(Library& library, const Ruler& ruler, const Box& box);
void lane_popup(Library& library);
void draw_latents_dialog(Library& library);
void draw_model_copy_dialog(Library& library);

} // namespace atelier::studio
