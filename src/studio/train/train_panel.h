// SPDX-License-Identifier: Apache-2.0
// The Train panel and its parts, from above, and what training puts in the middle of the window.
#pragma once

#include <vector>

#include "studio/core/context.h"
#include "studio/core/feature_ui.h"
#include "studio/core/picture_place.h"
#include "studio/train/training_controller.h"

namespace atelier::studio {

FeatureUi ui_of(TrainingController& training);
std::vector<KeyRows> train_keys(TrainingController& training);

void draw_train_panel(TrainingController& training, const Box& box);
void draw_train_rail(TrainingController& training);
void draw_train_run(TrainingController& training);
void draw_train_views(TrainingController& training);
void draw_train_curves(TrainingController& training);
void draw_train_options(TrainingController& training);
void draw_expert_options(TrainingController& training);

// The pictures to draw, in order: one, or two while the start model is compared with.
struct PicturePart {
    bool start_model = false; // Frame::compare
    Box place, clip;
};
std::vector<PicturePart> picture_parts(const TrainingController& training, const Box& box);
// The part of the box that the picture under the mouse is fitted into: a half of it while two stand side by side.
Box picture_box(const TrainingController& training, const Box& box, ImVec2 mouse);
void draw_compare(TrainingController& training, const Box& box);

// Grids in the middle of the window in place of the picture.
void draw_seed_grid(TrainingController& training, const Box& box);

} // namespace atelier::studio
