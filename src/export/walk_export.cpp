// SPDX-License-Identifier: Apache-2.0
#include "export/walk_export.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <tuple>

#include "base/error.h"
#include "base/progress.h"
#include "engine/renderer.h"
#include "latent/walk.h"
#include "media/scale.h"

namespace atelier {
namespace {

constexpr int most_frames = 1'000'000; // of a PNG sequence's six digits; 9 hours at 30 a second

// Segments in all rounds; 0 for a single seed.
int all_segments(const WalkExport& job) {
    const Walk& walk = job.params.walk;
    if (walk.kind == WalkKind::random) {
        return job.random_steps;
    }
    return walk_segments(walk) * (walk.loop ? job.rounds : 1);
}

bool closes(const Walk& walk) {
    return walk.kind == WalkKind::seeds && walk.loop;
}

media::OutputOptions values_of(const WalkExport& job) {
    media::OutputOptions output;
    output.width = job.width != 0 ? job.width : job.size;
    output.height = job.height;
    output.aspect = job.aspect;
    output.fps = job.fps;
    output.crf = job.crf;
    output.prores = job.prores;
    return output;
}

void check(const WalkExport& job) {
    if (!std::isfinite(job.seconds_per_step) || job.seconds_per_step <= 0 || job.seconds_per_step > 3600) {
        fail("The seconds per step must be above 0 and at most 3600, not {}.", job.seconds_per_step);
    }
    for (const int side : {job.size, job.width, job.height}) {
        if (side != 0 && (side < 16 || side > 8192 || side % 2 != 0)) {
            fail("The size must be an even number from 16 to 8192 px, not {}.", side);
        }
    }
    media::check_values(values_of(job));
    if (job.rounds < 1 || job.rounds > 10000) {
        fail("The number of rounds must be 1 to 10000, not {}.", job.rounds);
    }
    if (job.random_steps < 1 || job.random_steps > 100000) {
        fail("The number of steps of a random walk must be 1 to 100000, not {}.", job.random_steps);
    }
    if (!std::isfinite(job.params.psi)) {
        fail("psi must be a number, not {}.", job.params.psi);
    }
    walk_at(job.params.walk, 0); // no seeds, or an ease that the space can't do
}

double steady_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace

media::OutputOptions output_of(const WalkExport& job) {
    media::OutputOptions output = values_of(job);
    output.path = job.out;
    output.codec = job.codec ? *job.codec : media::codec_for(job.out);
    media::check_path(output);
    media::check_values(output);
    return output;
}

int walk_frame_count(const WalkExport& job) {
    check(job);
    const int segments = std::max(all_segments(job), 1);
    const bool still = all_segments(job) == 0;
    const double between = segments * job.seconds_per_step * job.fps;
    if (between > most_frames - 1) {
        fail("The walk would have {:.0f} frames; at most {} are possible. Take fewer seconds per step or rounds.",
             between, most_frames - 1);
    }
    const int steps = std::max(static_cast<int>(std::lround(between)), 1);
    return closes(job.params.walk) || still ? steps : steps + 1;
}

int export_walk(std::shared_ptr<const LoadedModel> model, const WalkExport& job,
                const std::function<void(const ExportProgress&)>& progress, std::stop_token stop) {
    const int frames = walk_frame_count(job);
    const Walk& walk = job.params.walk;
    const double segments = all_segments(job);
    const int last = closes(walk) ? frames : std::max(frames - 1, 1);

    RenderParams params = job.params;
    params.wander.on = false;
    params.glide_from.clear();
    params.glide = 1;

    Renderer renderer(model);
    media::OutputOptions output = output_of(job);
    const int resolution = model->info().resolution;
    std::tie(output.width, output.height) = media::output_size(output, resolution, resolution);
    const std::unique_ptr<media::FrameSink> sink = media::make_sink(output);
    media::Scaler scaler;
    PixelBuffer rendered;
    PixelBuffer scaled;
    TimeLeft time_left;
    int done = 0;
    while (done < frames && !stop.stop_requested()) {
        params.position = segments * done / last;
        params.noise_seed = job.params.noise_seed + static_cast<std::uint32_t>(done);
        renderer.render(params, rendered);
        const bool fits = rendered.width == output.width && rendered.height == output.height;
        if (!fits) {
            scaler.fit(rendered, output.width, output.height, output.aspect, scaled);
        }
        sink->add(fits ? rendered : scaled);
        ++done;
        if (progress) {
            progress({done, frames, time_left.update(done, frames, steady_seconds())});
        }
    }
    if (done > 0) {
        sink->finish(); // a stopped export keeps what it has
    }
    return done;
}

} // namespace atelier
