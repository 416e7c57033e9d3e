// SPDX-License-Identifier: Apache-2.0
// atelier walk: a walk through the latent space as a video or a PNG sequence.
#include <cmath>
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "base/log.h"
#include "base/progress.h"
#include "cli/class_option.h"
#include "cli/commands.h"
#include "cli/interrupt_guard.h"
#include "cli/options.h"
#include "cli/output_options.h"
#include "export/walk_export.h"

namespace atelier {
namespace {

struct WalkOptions {
    std::string model, seeds, classes;
    std::string space = "w";
    std::string ease = "smooth";
    bool loop = true;
    double seconds_per_step = 2;
    int rounds = 1;
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

void run_walk(const WalkOptions& options) {
    WalkExport job = job_of(options);
    if (job.params.walk.seeds.size() == 1 && job.params.noise != NoiseMode::random) {
        const std::uint32_t seed = job.params.walk.seeds.front();
        log_warning("--seeds {} is one seed, so the video stands still; name those to walk through{}, or take atelier "
                    "render for a picture.",
                    seed,
                    seed >= 2 && seed <= 1000 ? fmt::format(", such as 0-{} for the first {}", seed - 1, seed)
                                              : std::string(", such as 0-7"));
    }
    const int planned = walk_frame_count(job); // refuse bad options before a long load
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
    const int written = export_walk(model, job, progress, stop.get_token());
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
    command->add_option("--rounds", options->rounds, "How often to walk the loop")->capture_default_str();
    command->add_option("--seconds-per-step", options->seconds_per_step, "From one seed to the next, above 0 to 3600")
        ->capture_default_str();
    add_output_options(*command, options->output);
    add_picture_options(*command, options->picture);
    command->footer("Ctrl-C stops; the file then holds the frames so far and plays. The same command gives the same "
                    "bytes.");
    command->callback([options] { run_walk(*options); });
}

} // namespace atelier
