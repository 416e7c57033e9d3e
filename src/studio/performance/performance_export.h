// SPDX-License-Identifier: Apache-2.0
// Rendering a performance or a timeline again, every picture, at any size and rate: shared by `atelier perform` and the
// studio. No torch, no ImGui.
#pragma once

#include <filesystem>

#include "export/picture_export.h"
#include "studio/performance/performance_player.h"

namespace atelier::studio {

struct PerformanceExport {
    Performance performance;
    bool with_playing = false;   // in the studio: with the model that plays, in a file or not
    double from = 0, to = -1;    // seconds of it; to below 0: to its end
    media::OutputOptions output; // with its rate
    Precision precision = Precision::fp32;
    bool with_look = false;           // light and colour as they were on the screen
    std::filesystem::path directions; // folder where a PCA's results are kept; empty: nowhere
    std::uint32_t noise_seed = 0;     // of the first picture, where the log doesn't say which random noise it had
    BesideTheLog beside{};            // from second 0 of the performance on; used up by one export
};

// Throws Error for values out of range.
int performance_frame_count(const PerformanceExport& job);

// The model of a file's name; called once for each change. Throws Error.
using ModelLoader = std::function<std::shared_ptr<const LoadedModel>(const std::string& file)>;

// As export_pictures.
int export_performance(const PerformanceExport& job, const ModelLoader& load,
                       const std::function<void(const ExportProgress&)>& progress, std::stop_token stop);

} // namespace atelier::studio
