// SPDX-License-Identifier: Apache-2.0
#include "export/picture_export.h"

#include <deque>
#include <tuple>

#include "base/clock.h"
#include "base/error.h"
#include "base/progress.h"
#include "base/unsquash.h"
#include "engine/render_pool.h"
#include "media/scale.h"

namespace atelier {

int export_pictures(int frames, media::OutputOptions output, const std::function<PictureOrder(int)>& order,
                    const std::function<void(const ExportProgress&)>& progress, std::stop_token stop) {
    std::unique_ptr<media::FrameSink> sink;
    media::Scaler scaler;
    PixelBuffer scaled;
    TimeLeft time_left;
    RenderPool pool;
    std::deque<PictureOrder> ordered; // what is still to be put on the pictures under way
    const auto next = [&](int i) {
        ordered.push_back(order(i));
        return RenderOrder{ordered.back().model, ordered.back().params};
    };
    const auto write = [&](int i, PixelBuffer& rendered) {
        apply_look(ordered.front().look, rendered);
        apply_light(ordered.front().light, rendered);
        ordered.pop_front();
        if (!sink) {
            const auto [width, height] = shown_size(rendered);
            std::tie(output.width, output.height) = media::output_size(output, width, height);
            output.alpha = rendered.alpha;
            sink = media::make_sink(output);
        }
        const bool fits = rendered.width == output.width && rendered.height == output.height && rendered.ratio.square();
        if (!fits) {
            scaler.fit(rendered, output.width, output.height, output.aspect, scaled);
        }
        sink->add(fits ? rendered : scaled);
        if (progress) {
            progress({i + 1, frames, time_left.update(i + 1, frames, steady_seconds())});
        }
    };
    int done = 0;
    try {
        done = pool.run(frames, next, write, std::move(stop));
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
