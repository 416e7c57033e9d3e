// SPDX-License-Identifier: Apache-2.0
#include "studio/library/library.h"

namespace atelier::studio {

FeatureUi ui_of(Library& library) {
    FeatureUi ui;
    ui.sections = {
        {50, {.title = "PRESETS", .draw = [&library] { draw_presets_panel(library); }, .open = false}},
        {60, {.title = "STARRED", .draw = [&library] { draw_stars_panel(library); }, .open = false}},
    };
    ui.dialogs = {[&library] { draw_latents_dialog(library); }};
    return ui;
}

} // namespace atelier::studio
