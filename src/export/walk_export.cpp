// SPDX-License-Identifier: Apache-2.0
#include "export/walk_export.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/error.h"
#include "latent/walk.h"

namespace atelier {
namespace {

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

void check(const WalkExport& job) {
    if (!std::isfinite(job.seconds_per_step) || job.seconds_per_step <= 0 || job.seconds_per_step > 3600) {
        fail("The seconds per step must be above 0 and at most 3600, not {}.", job.seconds_per_step);
    }
    media::check_values(job.output);
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

} // namespace

int walk_frame_count(const WalkExport& job) {
    check(job);
    const int segments = std::max(all_segments(job), 1);
    const bool still = all_segments(job) == 0;
    const double between = segments * job.seconds_per_step * job.output.fps;
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
    params.explore.on = false;
    params.glide_from.clear();
    params.glide = 1;

    const auto order = [&](int frame) {
        params.position = segments * frame / last;
        params.noise_seed = job.params.noise_seed + static_cast<std::uint32_t>(frame);
        return PictureOrder{model, params, 1, job.look};
    };
    return export_pictures(frames, job.output, order, progress, std::move(stop));
}

} // namespace atelier
