// SPDX-License-Identifier: Apache-2.0
// atelier perform: a performance that was played in the studio, rendered again - every picture, at any size and rate.
#include <memory>

#include "base/progress.h"
#include "base/user_folders.h"
#include "cli/audio_options.h"
#include "cli/commands.h"
#include "cli/interrupt_guard.h"
#include "cli/options.h"
#include "cli/output_options.h"
#include "studio/performance/performance_export.h"

namespace atelier {
namespace {

struct PerformOptions {
    std::string log, model;
    double from = 0, to = -1;
    bool look = false;
    AudioText audio;
    OutputText output;
    PictureOptions picture; // precision, device and threads of it
};

void run_perform(const PerformOptions& options) {
    studio::PerformanceExport job;
    job.performance = studio::load_performance(options.log);
    job.from = options.from;
    job.to = options.to;
    job.output = output_options(options.output);
    job.with_look = options.look;
    job.precision = picture_params(options.picture).precision;
    if (const auto folder = state_folder(); !folder.empty()) {
        job.directions = folder / "directions";
    }
    const AudioJob audio = audio_job(options.audio, options.from, job.output);
    job.beside = audio.beside;
    if (audio.song && job.to < 0 && audio.seconds < job.performance.seconds) {
        job.to = audio.seconds; // without music there is no more to see, unless told
    }
    const int planned = studio::performance_frame_count(job); // refuse bad options before a long load
    const auto load = [&](const std::string& file) {
        const std::string& wanted = options.model.empty() ? file : options.model;
        if (wanted.empty()) {
            fail("{}: the log names no model; name one with --model.", options.log);
        }
        return load_for_command(wanted, options.picture);
    };

    const InterruptGuard guard;
    std::stop_source stop;
    ProgressBar bar("Rendering", "frames");
    const auto progress = [&](const ExportProgress& state) {
        if (guard.interrupted()) {
            stop.request_stop();
        }
        bar.update(state.frame, state.frames);
    };
    const int written = export_performance(job, load, progress, stop.get_token());
    const std::string facts =
        fmt::format("{} frames, {} at {} a second", written, duration_text(written / job.output.fps), job.output.fps);
    if (written < planned) {
        bar.close(fmt::format("Stopped; {} holds the first {}.", options.output.out, facts));
    } else {
        bar.close(fmt::format("Wrote {}: {}.", options.output.out, facts));
    }
}

} // namespace

void add_perform_command(CLI::App& app) {
    auto options = std::make_shared<PerformOptions>();
    CLI::App* command = app.add_subcommand("perform", "Render a performance of the studio again, at full quality");
    command->add_option("log", options->log, "Performance log (.jsonl) that the studio wrote beside a recording")
        ->required();
    command->add_option("--model", options->model, "Model file, in place of the one that was played");
    command->add_option("--from", options->from, "First second of it")->capture_default_str();
    command->add_option("--to", options->to, "Last second of it; below 0: its end")->capture_default_str();
    command->add_flag("--look", options->look, "With the light and colour that the screen had");
    add_audio_options(*command, options->audio);
    add_output_options(*command, options->output);
    command->add_option("--precision", options->picture.precision, "fp32, bf16 (CPU) or fp16 (GPU)")
        ->capture_default_str();
    command->add_option("--device", options->picture.device, "auto, cpu or cuda")->capture_default_str();
    command->add_option("--threads", options->picture.threads, "CPU threads; 0: all cores")->capture_default_str();
    add_square_option(*command, options->picture);
    command->footer("Ctrl-C stops; the file then holds the frames so far and plays. The same command gives the same "
                    "bytes.");
    command->callback([options] { run_perform(*options); });
}

} // namespace atelier
