// SPDX-License-Identifier: Apache-2.0
#include "studio/library/library.h"

namespace atelier::studio {

std::vector<PanelSection> library_sections(Library& library) {
    return {{.title = "PRESETS", .draw = [&library] { draw_presets_panel(library); }, .open = false},
            {.title = "STARRED", .draw = [&library] { draw_stars_panel(library); }, .open = false}};
}

} // namespace atelier::studio
