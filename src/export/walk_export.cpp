// SPDX-License-Identifier: Apache-2.0
#include "export/walk_export.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/progress.h"
#include "engine/renderer.h"
#include "latent/walk.h"
#include "media/png_sequence.h"
#include "media/scale.h"
#include "media/video_writer.h"

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

void check(const WalkExport& job) {
    if (!std::isfinite(job.fps) || job.fps < 1 || job.fps > 240) {
        fail("The frame rate (fps) must be 1 to 240, not {}.", job.fps);
    }
    if (!std::isfinite(job.seconds_per_step) || job.seconds_per_step <= 0 || job.seconds_per_step > 3600) {
        fail("The seconds per step must be above 0 and at most 3600, not {}.", job.seconds_per_step);
    }
    if (job.size != 0 && (job.size < 16 || job.size > 8192 || job.size % 2 != 0)) {
        fail("The size must be an even number from 16 to 8192 px, not {}.", job.size);
    }
    if (job.crf < 0 || job.crf > 51) {
        fail("The quality (crf) must be 0 to 51, not {}.", job.crf);
    }
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

bool is_video(const std::filesystem::path& out) {
    std::string extension = out.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char ch) { return static_cast<char>(std::tolower(ch)); });
    if (extension == ".mp4") {
        return true;
    }
    if (out.empty()) {
        fail("The output needs a name: a file ending in .mp4, or a folder for PNG pictures.");
    }
    for (const char* other : {".mov", ".avi", ".mkv", ".webm", ".gif", ".png", ".jpg", ".jpeg", ".m4v"}) {
        if (extension == other) {
            fail("{}: a walk goes to a file ending in .mp4, or to a folder for PNG pictures, not to {}.", out.string(),
                 extension);
        }
    }
    return false;
}

std::unique_ptr<media::FrameSink> make_sink(const WalkExport& job, int size) {
    if (!is_video(job.out)) {
        return std::make_unique<media::PngSequence>(job.out);
    }
    media::VideoOptions video;
    video.path = job.out;
    video.width = size;
    video.height = size;
    video.fps = job.fps;
    video.crf = job.crf;
    return std::make_unique<media::VideoWriter>(video);
}

double steady_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace

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
    const int size = job.size > 0 ? job.size : model->info().resolution;
    const std::unique_ptr<media::FrameSink> sink = make_sink(job, size);
    media::Scaler scaler;
    PixelBuffer rendered;
    PixelBuffer scaled;
    TimeLeft time_left;
    int done = 0;
    while (done < frames && !stop.stop_requested()) {
        params.position = segments * done / last;
        params.noise_seed = job.params.noise_seed + static_cast<std::uint32_t>(done);
        renderer.render(params, rendered);
        const bool fits = rendered.width == size && rendered.height == size;
        if (!fits) {
            scaler.scale(rendered, size, size, scaled);
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
