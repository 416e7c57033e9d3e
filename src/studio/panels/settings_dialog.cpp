// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "studio/panels/panels.h"
#include "studio/widgets.h"

namespace atelier::studio {

void draw_settings_dialog(Studio& studio) {
    if (!begin_dialog(studio, Dialog::settings, "Settings", {560, 260}))
        return;
    Ui& ui = Ui::current();
    Settings& settings = studio.settings;
    slider("glide",
           {.label = "Glide",
            .min = 0,
            .max = 10,
            .standard = default_glide_seconds,
            .step = 0.1,
            .format = "%.1f s",
            .tooltip = "How long a new seed takes to arrive; 0 is at once",
            .label_width = 104},
           settings.glide_seconds);
    slider("budget",
           {.label = "Frame budget",
            .min = 0,
            .max = 500,
            .standard = 33,
            .step = 1,
            .format = "%.0f ms",
            .tooltip = "How long a moving picture may take; a slower model shows a coarser preview until it rests. "
                       "0 always shows the full picture",
            .label_width = 104},
           settings.frame_budget_ms);
    gap(12);
    label("Recordings and saved pictures go to");
    gap(4);
    text_field("##folder", videos_folder({}).string().c_str(), settings.videos_folder,
               ImGui::GetContentRegionAvail().x);
    ui.want(settings.videos_folder);
    std::error_code error;
    if (!settings.videos_folder.empty() && !std::filesystem::is_directory(settings.videos_folder, error)) {
        label("There is no such folder.", theme::bad);
    } else {
        label("Leave it empty for the system's videos folder.");
    }
    end_dialog();
}

} // namespace atelier::studio
