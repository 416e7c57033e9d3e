// SPDX-License-Identifier: Apache-2.0
// The Data panel, and its pictures in the middle of the window.
#pragma once

#include <string>
#include <vector>

#include "studio/core/context.h"
#include "studio/core/feature_ui.h"
#include "studio/core/picture_place.h"
#include "studio/dataset/dataset_controller.h"

namespace atelier::studio {

FeatureUi ui_of(DatasetController& dataset);
std::vector<KeyRows> data_keys(DatasetController& dataset);

void draw_data_panel(DatasetController& dataset, const Box& box);
void draw_data_rail(DatasetController& dataset);
void draw_data_cut(DatasetController& dataset);
void draw_prepare_dialog(DatasetController& dataset);

void draw_dataset_grid(DatasetController& dataset, const Box& box);
constexpr float data_foot_height = 140; // 96 dpi pixels: of the words and verbs below the large one
bool shows_data_large(const DatasetController& dataset);
void draw_data_large(DatasetController& dataset, const Box& box);     // the selected one, which is there
std::string data_item_text(const DataItem& item, prepare::Mode mode); // name, verdict and scores, in lines

} // namespace atelier::studio
