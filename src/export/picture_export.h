// SPDX-License-Identifier: Apache-2.0
// Rendering a row of pictures to a video or a PNG sequence, several at once, written in order. No torch here.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include "base/picture_look.h"
#include "base/render_params.h"
#include "engine/loaded_model.h"
#include "media/output.h"

namespace atelier {

struct ExportProgress {
    int frame = 0;
    int frames = 0;
    double seconds_left = 0; // estimate; negative while unknown
};

inline constexpr int most_frames = 1'000'000; // of a PNG sequence's six digits; 9 hours at 30 a second

struct PictureOrder {
    std::shared_ptr<const LoadedModel> model; // may change from picture to picture
    RenderParams params;
    double light = 1; // of the finished picture, 0..1; 0: black in place of it
    PictureLook look{};
};

// Orders are asked for by number, from 0, one after the other, some pictures ahead. The output's size, where it is
// open, is that at which the first picture is shown. Returns the number of pictures written; fewer when stopped, and
// then the file holds those and plays. On failure nothing is left under the final name. The same orders give the same
// bytes, in every codec. Throws Error.
int export_pictures(int frames, media::OutputOptions output, const std::function<PictureOrder(int)>& order,
                    const std::function<void(const ExportProgress&)>& progress, std::stop_token stop);

} // namespace atelier
