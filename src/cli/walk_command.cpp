// SPDX-License-Identifier: Apache-2.0
// atelier walk: a walk through the latent space as a video or a PNG sequence.
#include <charconv>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string_view>

#include "base/error.h"
#include "base/progress.h"
#include "cli/commands.h"
#include "cli/interrupt_guard.h"
#include "cli/options.h"
#include "export/walk_export.h"

namespace atelier {
namespace {

struct WalkOptions {
    std::string model, seeds, out;
    std::string space = "w";
    std::string ease = "smooth";
    bool loop = true;
    double seconds_per_step = 2;
    double fps = 30;
    int rounds = 1;
    std::string size = "0";
    std::string codec, aspect = "pad", prores = "hq";
    int crf = 16;
    LookOptions look;
};

// "512" or "1920x1080", 0 for the model's own.
void parse_size(const std::string& text, WalkExport& job) {
    const auto number = [&](std::string_view part) {
        int value = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        if (error != std::errc() || end != part.data() + part.size() || value < 0) {
            fail("--size is '{}'; it must be a side in px, such as 512, or width x height, such as 1920x1080.", text);
        }
        return value;
    };
    const std::string_view whole = text;
    if (const std::size_t x = whole.find('x'); x == std::string_view::npos) {
        job.size = number(whole);
    } else {
        job.width = number(whole.substr(0, x));
        job.height = number(whole.substr(x + 1));
        if (job.width == 0 || job.height == 0) {
            fail("--size is '{}'; both its width and its height must be 16 to 8192 px.", text);
        }
    }
}

void parse_output(const WalkOptions& options, WalkExport& job) {
    using media::Aspect, media::Codec, media::ProRes;
    parse_size(options.size, job);
    job.aspect = choose<Aspect>(options.aspect, "--aspect", {{"pad", Aspect::pad}, {"crop", Aspect::crop}});
    if (!options.codec.empty()) {
        job.codec = choose<Codec>(
            options.codec, "--codec",
            {{"h264", Codec::h264}, {"prores", Codec::prores}, {"ffv1", Codec::ffv1}, {"png", Codec::png}});
    }
    job.crf = options.crf;
    job.prores = choose<ProRes>(options.prores, "--prores",
                                {{"proxy", ProRes::proxy},
                                 {"lt", ProRes::lt},
                                 {"standard", ProRes::standard},
                                 {"hq", ProRes::hq},
                                 {"4444", ProRes::full}});
    job.out = options.out;
    output_of(job); // refuses a name that doesn't fit
}

WalkExport job_of(const WalkOptions& options) {
    WalkExport job;
    job.params = look_params(options.look);
    Walk& walk = job.params.walk;
    walk.seeds = parse_seeds(options.seeds, "--seeds");
    walk.space = choose<Space>(options.space, "--space", {{"w", Space::w}, {"z", Space::z}});
    walk.ease = choose<Ease>(options.ease, "--ease",
                             {{"linear", Ease::linear}, {"smooth", Ease::smooth}, {"cubic", Ease::cubic}});
    walk.loop = options.loop;
    job.seconds_per_step = options.seconds_per_step;
    job.fps = options.fps;
    job.rounds = options.rounds;
    parse_output(options, job);
    return job;
}

void run_walk(const WalkOptions& options) {
    const WalkExport job = job_of(options);
    const int planned = walk_frame_count(job); // refuse bad options before a long load
    const auto model = load_for_command(options.model, options.look);

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
    const int resolution = model->info().resolution;
    const auto [width, height] = media::output_size(output_of(job), resolution, resolution);
    const std::string facts = fmt::format("{} frames, {} at {} a second, {} x {} px", written,
                                          duration_text(written / job.fps), job.fps, width, height);
    if (written < planned) {
        bar.close(fmt::format("Stopped; {} holds the first {}.", options.out, facts));
    } else {
        bar.close(fmt::format("Wrote {}: {}.", options.out, facts));
    }
}

} // namespace

void add_walk_command(CLI::App& app) {
    auto options = std::make_shared<WalkOptions>();
    CLI::App* command = app.add_subcommand("walk", "Render a walk through seeds as a video or a PNG sequence");
    command->add_option("model", options->model, "Model file")->required();
    command->add_option("--seeds", options->seeds, "Seeds to pass through, such as 85,265,297,849 or 0-15")->required();
    command
        ->add_option("--out", options->out,
                     "Video ending in .mp4 (H.264), .mov (ProRes) or .mkv (FFV1, lossless), or a folder for "
                     "frame-000000.png, frame-000001.png")
        ->required();
    command->add_option("--space", options->space, "Where to interpolate: w in lines, z on the sphere")
        ->capture_default_str();
    command->add_option("--ease", options->ease, "linear, smooth (rests at each seed) or cubic (a spline; w only)")
        ->capture_default_str();
    command->add_flag("--loop,!--no-loop", options->loop, "Return from the last seed to the first (the default)");
    command->add_option("--rounds", options->rounds, "How often to walk the loop")->capture_default_str();
    command->add_option("--seconds-per-step", options->seconds_per_step, "From one seed to the next, above 0 to 3600")
        ->capture_default_str();
    command->add_option("--fps", options->fps, "Frames a second, 1 to 240")->capture_default_str();
    command
        ->add_option("--size", options->size,
                     "Side of the output in px, or WIDTHxHEIGHT, 16 to 8192, even; 0: the model's")
        ->capture_default_str();
    command->add_option("--aspect", options->aspect, "Into another shape by black bars (pad) or by the middle (crop)")
        ->capture_default_str();
    command->add_option("--codec", options->codec, "h264, prores, ffv1 or png; by the name of --out unless told");
    command->add_option("--crf", options->crf, "H.264 quality, 0 (lossless, large) to 51 (poor)")
        ->capture_default_str();
    command->add_option("--prores", options->prores, "ProRes quality: proxy, lt, standard, hq or 4444")
        ->capture_default_str();
    add_look_options(*command, options->look);
    command->footer("Ctrl-C stops; the file then holds the frames so far and plays. The same command gives the same "
                    "bytes.");
    command->callback([options] { run_walk(*options); });
}

} // namespace atelier
