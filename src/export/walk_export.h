// SPDX-License-Identifier: Apache-2.0
// Rendering a walk to a video or a PNG sequence: shared by `atelier walk` and the studio's export. No torch here.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "export/picture_export.h"
#include "media/output.h"

namespace atelier {

struct WalkExport {
    RenderParams params; // params.walk is rendered; position is set for each frame
    double seconds_per_step = 2;
    int rounds = 1;              // of a loop
    int random_steps = 16;       // segments of a random walk, which has no end of its own
    PictureLook look;            // put on every picture
    media::OutputOptions output; // where to, as what, at what rate
};

// Number of frames: a loop has segments * seconds * fps (its last frame leads to the first), an open or random walk
// one more, a single seed one step's worth. Throws Error for values out of range.
int walk_frame_count(const WalkExport& job);

// Returns the number of frames written; fewer than planned when stopped, and then the file holds those and plays.
// On failure nothing is left under the final name. The same job gives the same bytes, in every codec. Throws Error.
int export_walk(std::shared_ptr<const LoadedModel> model, const WalkExport& job,
                const std::function<void(const ExportProgress&)>& progress, std::stop_token stop);

} // namespace atelier
