// SPDX-License-Identifier: Apache-2.0
#include "export/picture_export.h"

#include <optional>
#include <tuple>

#include "base/clock.h"
#include "base/error.h"
#include "base/progress.h"
#include "base/unsquash.h"
#include "engine/renderer.h"
#include "media/scale.h"

namespace atelier {

int export_pictures(int frames, media::OutputOptions output, const std::function<PictureOrder(int)>& order,
                    const std::function<void(const ExportProgress&)>& progress, std::stop_token stop) {
    std::unique_ptr<Renderer> renderer;
    std::unique_ptr<media::FrameSink> sink;
    media::Scaler scaler;
    PixelBuffer rendered, scaled;
    TimeLeft time_left;
    int done = 0;
    try {
        for (; done < frames && !stop.stop_requested(); ++done) {
            const PictureOrder now = order(done);
            if (!renderer || &renderer->model() != now.model.get()) {
                renderer = std::make_unique<Renderer>(now.model);
            }
            renderer->render(now.params, rendered);
            apply_look(now.look, rendered);
            apply_light(now.light, rendered);
            if (!sink) {
                const auto [width, height] = shown_size(rendered);
                std::tie(output.width, output.height) = media::output_size(output, width, height);
                sink = media::make_sink(output);
            }
            const bool fits =
                rendered.width == output.width && rendered.height == output.height && rendered.ratio.square();
            if (!fits) {
                scaler.fit(rendered, output.width, output.height, output.aspect, scaled);
            }
            sink->add(fits ? rendered : scaled);
            if (progress) {
                progress({done + 1, frames, time_left.update(done + 1, frames, steady_seconds())});
            }
        }
        if (sink) {
            sink->finish(); // a stopped export keeps what it has
        }
    } catch (const std::exception& error) {
        const media::KeptOutput kept = sink ? sink->keep() : media::KeptOutput();
        if (kept.frames == 0) {
            throw;
        }
        fail("{}; the first {} of {} pictures stay and play, in {}", message_of(error), kept.frames, frames,
             kept.path.string());
    }
    return done;
}

} // namespace atelier
