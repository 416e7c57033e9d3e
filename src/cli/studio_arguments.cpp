// SPDX-License-Identifier: Apache-2.0
#include "cli/studio_arguments.h"

#include <optional>

#include "base/error.h"
#include "base/picture_size.h"
#include "cli/bundled_model.h"
#include "studio/adapters/disk_model_files.h"
#include "studio/adapters/engine_render_service.h"
#include "studio/adapters/job_dataset_service.h"

namespace atelier {
namespace {

Precision read_precision(const std::string& text) {
    return text == "fp32"   ? Precision::fp32
           : text == "bf16" ? Precision::bf16
           : text == "fp16" ? Precision::fp16
                            : Precision::model;
}

void take_size(const std::string& text, studio::AppOptions& app) {
    const std::optional<WrittenSize> size = read_size(text);
    const int width = size ? size->width : 0, height = size ? size->height.value_or(0) : 0;
    if (width < 640 || width > 16384 || height < 400 || height > 16384) {
        fail("--size {}: not a window size; write width x height in pixels, at least 640x400, like 1280x720", text);
    }
    app.width = width;
    app.height = height;
    app.exact_size = true;
}

} // namespace

void add_window_options(CLI::App& command, StudioArguments& arguments) {
    command.add_option("--screenshot", arguments.app.screenshot, "Write what the window shows to a PNG, then exit");
    command.add_option("--after", arguments.app.after, "Seconds before the screenshot")
        ->check(CLI::Range(0.0, 3600.0))
        ->capture_default_str();
    command.add_option("--state-dump", arguments.app.state_dump, "Keep a JSON of state and counters up to date there");
    command.add_option("--size", arguments.size, "Window size in pixels, WxH");
    command.add_option("--scale", arguments.app.scale, "Scale of the interface (default: the monitor's)")
        ->check(CLI::Range(0.5, 4.0));
    command.add_option("--seed", arguments.app.seed, "Seed to begin with")->capture_default_str();
    command.add_flag("--play", arguments.app.play, "Start playing at once");
    command.add_flag("--safe", arguments.app.safe,
                     "Open nothing by itself: no model of before, no MIDI, sound or network, no output; show pictures "
                     "the plain way. After a crash the studio offers the same");
    command.add_flag("--tour", arguments.app.tour, "Begin with the tour, as at the first start");
    command.add_option("--display", arguments.app.display, "Display path to begin with: auto, interop, staging or cpu")
        ->capture_default_str();
    command
        .add_option("--precision", arguments.precision,
                    "Of the picture: fp32, bf16 (CPU) or fp16 (GPU), where the model can; auto: what is faster here")
        ->check(CLI::IsMember({"auto", "fp32", "bf16", "fp16"}))
        ->capture_default_str();
    command.add_option("--device", arguments.engine.device, "auto, cpu or cuda")
        ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
        ->capture_default_str();
    command.add_option("--threads", arguments.engine.threads, "Threads of one operation (0: all cores)")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
}

void open_studio(StudioArguments& arguments, const MakeTrainer& trainer) {
    if (!arguments.size.empty()) {
        take_size(arguments.size, arguments.app);
    }
    arguments.app.precision = read_precision(arguments.precision);
    auto source = std::make_unique<studio::EngineRenderService>(arguments.engine);
    auto training = trainer(*source);
    arguments.app.bundled = bundled_model();
    studio::run_app(std::move(source), arguments.app, std::move(training),
                    std::make_unique<studio::JobDatasetService>(), std::make_unique<studio::DiskModelFiles>());
}

} // namespace atelier
