// SPDX-License-Identifier: Apache-2.0
#include "export/mix_export.h"

#include <algorithm>

#include "base/clock.h"
#include "base/error.h"
#include "base/progress.h"
#include "engine/render_pool.h"
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
    TimeLeft time_left;
    const auto place = [&](int i) {
        return std::pair((i + 1) % (width + 1), (i + 1) / (width + 1));
    }; // 0 is the corner
    RenderPool pool;
    const int done = pool.run(
        pictures,
        [&](int i) {
            const auto [x, y] = place(i);
            return RenderOrder{model, cell(job, x, y)};
        },
        [&](int i, PixelBuffer& picture) {
            const auto [x, y] = place(i);
            sheet.put(x, y, picture);
            if (progress) {
                progress({i + 1, pictures, time_left.update(i + 1, pictures, steady_seconds())});
            }
        },
        std::move(stop));
    if (done < pictures) {
        return 0;
    }
    io::write_png(job.path, sheet.image());
    return pictures;
}

} // namespace atelier
