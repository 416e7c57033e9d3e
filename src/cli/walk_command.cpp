// SPDX-License-Identifier: Apache-2.0
// atelier walk: a walk through the latent space as a video or a PNG sequence.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "base/log.h"
#include "base/progress.h"
#include "cli/audio_options.h"
#include "cli/class_option.h"
#include "cli/commands.h"
#include "cli/interrupt_guard.h"
#include "cli/options.h"
#include "cli/output_options.h"
#include "export/walk_export.h"
#include "studio/performance/performance_export.h"

namespace atelier {
namespace {

struct WalkOptions {
    std::string model, seeds, classes;
    std::string space = "w";
    std::string ease = "smooth";
    bool loop = true;
    double seconds_per_step = 2;
    int rounds = 1;
    double length = 0; // seconds; 0: by the rounds, or the music
    bool rounds_given = false;
    AudioText audio;
    OutputText output;
    PictureOptions picture;
};

WalkExport job_of(const WalkOptions& options) {
    WalkExport job;
    job.params = picture_params(options.picture);
    Walk& walk = job.params.walk;
    walk.seeds = parse_seeds(options.seeds, "--seeds");
    walk.space = choose<Space>(options.space, "--space", {{"w", Space::w}, {"z", Space::z}});
    walk.ease = choose<Ease>(options.ease, "--ease",
                             {{"linear", Ease::linear}, {"smooth", Ease::smooth}, {"cubic", Ease::cubic}});
    walk.loop = options.loop;
    job.seconds_per_step = options.seconds_per_step;
    job.rounds = options.rounds;
    job.output = output_options(options.output);
    return job;
}

// Each seed of its own class; there are as many as seeds, or they begin anew.
void put_classes(const WalkOptions& options, const ModelInfo& model, Walk& walk) {
    if (options.classes.empty()) {
        return;
    }
    if (options.space == "z") {
        fail("--classes needs --space w: between classes a walk goes through w.");
    }
    const std::vector<ClassChoice> classes = parse_classes(options.classes, "--classes", model);
    if (classes.size() > walk.seeds.size()) {
        fail("--classes names {} classes for {} seed{}; there can be as many as seeds.", classes.size(),
             walk.seeds.size(), walk.seeds.size() == 1 ? "" : "s");
    }
    for (std::size_t i = 0; i < walk.seeds.size(); ++i) {
        LatentTerm term{.seed_a = walk.seeds[i], .seed_b = walk.seeds[i]};
        classes[i % classes.size()].set(term);
        walk.latents.push_back({term});
    }
}

// How long a walk to music is.
double length_of(const WalkOptions& options, const WalkExport& job, const AudioJob& audio) {
    if (options.length > 0) {
        return options.length;
    }
    if (options.rounds_given) {
        return walk_frame_count(job) / media::frame_rate(job.output.fps).value();
    }
    return audio.seconds;
}

// The same walk as what the studio plays, for that can be moved while it goes.
studio::PerformanceExport performance_of(const WalkExport& walk, double seconds) {
    const RenderParams& params = walk.params;
    studio::PerformanceExport job;
    studio::StudioState& state = job.performance.state;
    state.walk = {.playing = true,
                  .seconds_per_step = walk.seconds_per_step,
                  .kind = WalkKind::seeds,
                  .space = params.walk.space,
                  .ease = params.walk.ease,
                  .loop = params.walk.loop,
                  .seeds = params.walk.seeds,
                  .latents = params.walk.latents,
                  .class_index = params.class_index,
                  .label = params.label};
    state.truncation.psi = params.psi;
    state.truncation.cutoff = params.cutoff;
    state.noise.mode = params.noise;
    state.noise.strength = params.noise_strength;
    studio::Animator animator;
    animator.reset(state);
    job.performance.animated = animator.values();
    job.performance.seconds = seconds;
    job.output = walk.output;
    job.precision = params.precision;
    job.noise_seed = params.noise_seed;
    job.with_look = true; // nothing, unless the music moves it
    return job;
}

// To music: the pictures are those of a performance that the song plays.
int walk_to_music(const WalkOptions& options, WalkExport walk, const AudioJob& audio,
                  const std::shared_ptr<const LoadedModel>& model,
                  const std::function<void(const ExportProgress&)>& progress, std::stop_token stop, double seconds) {
    parse_class(options.picture.of_class, "--class", model->info()).set(walk.params);
    studio::PerformanceExport job = performance_of(walk, seconds);
    job.performance.state.bpm = std::clamp(audio.song->tempo.bpm, 20.0, 300.0);
    job.beside = audio.beside;
    return export_performance(
        job, [&](const std::string&) { return model; }, progress, std::move(stop));
}

void run_walk(const WalkOptions& options) {
    WalkExport job = job_of(options);
    const AudioJob audio = audio_job(options.audio, 0, job.output);
    if (options.length != 0 && (!audio.song || !std::isfinite(options.length) || options.length < 0)) {
        fail("--length is {}; it goes with --audio and must be above 0 seconds.", options.length);
    }
    const double seconds = audio.song ? length_of(options, job, audio) : 0;
    if (job.params.walk.seeds.size() == 1 && !audio.beside && job.params.noise != NoiseMode::random) {
        const std::uint32_t seed = job.params.walk.seeds.front();
        log_warning("--seeds {} is one seed, so the video stands still; name those to walk through{}, or take atelier "
                    "render for a picture.",
                    seed,
                    seed >= 2 && seed <= 1000 ? fmt::format(", such as 0-{} for the first {}", seed - 1, seed)
                                              : std::string(", such as 0-7"));
    }
    // Bad options are refused before a long load.
    const int planned = audio.song ? performance_frame_count(performance_of(job, seconds)) : walk_frame_count(job);
    const auto model = load_for_command(options.model, options.picture);
    parse_class(options.picture.of_class, "--class", model->info()).set(job.params);
    put_classes(options, model->info(), job.params.walk);

    const InterruptGuard guard;
    std::stop_source stop;
    ProgressBar bar("Walking", "frames");
    const auto progress = [&](const ExportProgress& state) {
        if (guard.interrupted()) {
            stop.request_stop();
        }
        bar.update(state.frame, state.frames);
    };
    const int written = audio.song ? walk_to_music(options, job, audio, model, progress, stop.get_token(), seconds)
                                   : export_walk(model, job, progress, stop.get_token());
    const ModelInfo& info = model->info();
    const auto [shown_width, shown_height] = shown_size(info);
    const auto [width, height] = media::output_size(job.output, shown_width, shown_height);
    const std::string facts = fmt::format("{} frames, {} at {} a second, {} x {} px", written,
                                          duration_text(written / job.output.fps), job.output.fps, width, height);
    if (written < planned) {
        bar.close(fmt::format("Stopped; {} holds the first {}.", options.output.out, facts));
    } else {
        bar.close(fmt::format("Wrote {}: {}.", options.output.out, facts));
    }
}

} // namespace

void add_walk_command(CLI::App& app) {
    auto options = std::make_shared<WalkOptions>();
    CLI::App* command = app.add_subcommand("walk", "Render a walk through seeds as a video or a PNG sequence");
    command->add_option("model", options->model, "Model file")->required();
    command->add_option("--seeds", options->seeds, "Seeds to pass through, such as 85,265,297,849 or 0-15")->required();
    command->add_option("--classes", options->classes,
                        "A class for each seed, such as 0,2,cats (of labels: 1,0;0.5,0.5); fewer begin anew");
    command->add_option("--space", options->space, "Where to interpolate: w in lines, z on the sphere")
        ->capture_default_str();
    command->add_option("--ease", options->ease, "linear, smooth (rests at each seed) or cubic (a spline; w only)")
        ->capture_default_str();
    command->add_flag("--loop,!--no-loop", options->loop, "Return from the last seed to the first (the default)");
    CLI::Option* rounds =
        command->add_option("--rounds", options->rounds, "How often to walk the loop")->capture_default_str();
    add_audio_options(*command, options->audio);
    command->add_option("--length", options->length,
                        "Seconds, with --audio; the music's, or those of --rounds, unless told");
    command->add_option("--seconds-per-step", options->seconds_per_step, "From one seed to the next, above 0 to 3600")
        ->capture_default_str();
    add_output_options(*command, options->output);
    add_picture_options(*command, options->picture);
    command->footer("Ctrl-C stops; the file then holds the frames so far and plays. The same command gives the same "
                    "bytes.");
    command->callback([options, rounds] {
        options->rounds_given = rounds->count() > 0;
        run_walk(*options);
    });
}

} // namespace atelier
