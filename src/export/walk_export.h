// SPDX-License-Identifier: Apache-2.0
// Rendering a walk to a video or a PNG sequence: shared by `atelier walk` and the studio's export. No torch here.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "base/render_params.h"
#include "engine/loaded_model.h"
#include "media/output.h"

namespace atelier {

struct WalkExport {
    RenderParams params; // params.walk is rendered; position is set for each frame
    double seconds_per_step = 2;
    double fps = 30;
    int size = 0;              // output width in px, even, 16..8192, height by the picture's shape; 0: the model's
    int width = 0, height = 0; // another shape, both or none, in place of size
    media::Aspect aspect = media::Aspect::pad; // how the picture comes into another shape
    std::optional<media::Codec> codec;         // none: by the extension of `out`
    int crf = 16;                              // H.264 quality, 0..51
    media::ProRes prores = media::ProRes::hq;
    int rounds = 1;            // of a loop
    int random_steps = 16;     // segments of a random walk, which has no end of its own
    std::filesystem::path out; // *.mp4, *.mov, *.mkv, or a folder for frame-000000.png, ... (created)
};

struct ExportProgress {
    int frame = 0;
    int frames = 0;
    double seconds_left = 0; // estimate; negative while unknown
};

// As the sink takes it, but for the size of a picture not yet made. Throws Error for what is out of range.
media::OutputOptions output_of(const WalkExport& job);

// Number of frames: a loop has segments * seconds * fps (its last frame leads to the first), an open or random walk
// one more, a single seed one step's worth. Throws Error for values out of range.
int walk_frame_count(const WalkExport& job);

// Returns the number of frames written; fewer than planned when stopped, and then the file holds those and plays.
// On failure nothing is left under the final name. The same job gives the same bytes, in every codec. Throws Error.
int export_walk(std::shared_ptr<const LoadedModel> model, const WalkExport& job,
                const std::function<void(const ExportProgress&)>& progress, std::stop_token stop);

} // namespace atelier
