// SPDX-License-Identifier: Apache-2.0
#include "export/mix_export.h"

#include <algorithm>

#include "base/clock.h"
#include "base/error.h"
#include "base/progress.h"
#include "engine/renderer.h"
#include "export/sheet.h"

namespace atelier {
namespace {

// The cell's params: `x` and `y` count the edges.
RenderParams cell(const MixExport& job, int x, int y) {
    const auto source = [](const std::vector<LatentBlend>& from, int i) {
        return from[static_cast<std::size_t>(i - 1)];
    };
    RenderParams params = job.params;
    params.mix.clear();
    params.glide = 0; // shows glide_from alone
    params.glide_from = y == 0 ? source(job.cols, x) : source(job.rows, y);
    if (x > 0 && y > 0) {
        for (const int layer : job.layers) {
            const auto i = static_cast<std::size_t>(layer);
            params.mix.resize(std::max(params.mix.size(), i + 1));
            params.mix[i] = {1.0F, 0, source(job.cols, x)};
        }
    }
    return params;
}

} // namespace

int export_mix(std::shared_ptr<const LoadedModel> model, const MixExport& job,
               const std::function<void(const ExportProgress&)>& progress, std::stop_token stop) {
    if (job.rows.empty() || job.cols.empty()) {
        fail("A mixing sheet needs at least one source for its rows and one for its columns.");
    }
    const int width = static_cast<int>(job.cols.size()), height = static_cast<int>(job.rows.size());
    Sheet sheet(width + 1, height + 1, model->info());
    const int pictures = (width + 1) * (height + 1) - 1;
    Renderer renderer(std::move(model));
    PixelBuffer picture;
    TimeLeft time_left;
    for (int i = 1; i <= pictures; ++i) { // 0 is the corner
        if (stop.stop_requested()) {
            return 0;
        }
        const int x = i % (width + 1), y = i / (width + 1);
        renderer.render(cell(job, x, y), picture);
        sheet.put(x, y, picture);
        if (progress) {
            progress({i, pictures, time_left.update(i, pictures, steady_seconds())});
        }
    }
    io::write_png(job.path, sheet.image());
    return pictures;
}

} // namespace atelier
