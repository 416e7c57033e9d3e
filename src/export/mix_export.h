// SPDX-License-Identifier: Apache-2.0
// The style-mixing sheet (StyleGAN, 1812.04948, fig. 3): shared by `atelier mix` and the studio. No torch here.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "base/render_params.h"
#include "engine/loaded_model.h"
#include "export/picture_export.h"

namespace atelier {

struct MixExport {
    std::vector<LatentBlend> rows; // down the left edge; they keep all layers but `layers`
    std::vector<LatentBlend> cols; // along the top; they give `layers`
    std::vector<int> layers;       // w layers, below num_ws
    RenderParams params;        // all the rest: truncation, noise, class, precision; its own latent and mix don't count
    std::filesystem::path path; // PNG file
};

// A sheet of (rows + 1) by (cols + 1) pictures, with the sources along the edges and the corner left dark, written to
// job.path atomically. Returns the number of pictures made; 0 when stopped, and then there is no file. Throws Error.
int export_mix(std::shared_ptr<const LoadedModel> model, const MixExport& job,
               const std::function<void(const ExportProgress&)>& progress, std::stop_token stop);

} // namespace atelier
