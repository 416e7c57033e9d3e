// SPDX-License-Identifier: Apache-2.0
// What the window's thread is busy with in a frame while everything is used at once: the whole studio over the real
// engine, without a window, driven by a script at 60 frames a second. The longest frame is the longest stall.
#include <time.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "bench/benchmarks.h"
#include "studio/adapters/engine_render_service.h"
#include "studio/performance/performance_export.h"
#include "support/heavy_state.h"
#include "support/paths.h"
#include "support/scratch.h"
#include "ui/stage.h"

namespace atelier::bench {
namespace {

using Clock = std::chrono::steady_clock;
using testing::Stage;

std::filesystem::path bundled_model() {
    return test::source_dir() / "assets" / "emoji-portraits-64.safetensors";
}

// Milliseconds that this thread has computed for: on a busy machine what remains of a stall without the waiting.
double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct Longest {
    double ms = 0;
    std::string part{};
    void see(double now, const std::string& in) {
        if (now > ms)
            *this = {now, in};
    }
};

struct Tour {
    Stage& stage;
    std::string part;
    std::vector<double> ms{};
    Longest longest{}, longest_cpu{};

    // Frames at the pace of a screen; what a frame leaves of its time belongs to the other threads.
    void frames(int count) {
        for (int i = 0; i < count; ++i)
            timed([&] { stage.frame(); });
    }
    void timed(const std::function<void()>& frame) {
        const auto start = Clock::now();
        const double cpu_before = cpu_ms();
        frame();
        const double cpu = cpu_ms() - cpu_before;
        const double took = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
        ms.push_back(took);
        longest.see(took, part);
        longest_cpu.see(cpu, part);
        std::this_thread::sleep_until(start + std::chrono::microseconds(16667));
    }
    // Something a person does, then half a second of what comes of it.
    void then(const std::string& name, const std::function<void()>& act, int count = 30) {
        part = name;
        timed([&] { act(); });
        frames(count);
    }
};

void directions(Tour& tour, studio::Studio& studio, const std::string& method, int seconds) {
    studio::DirectionSlider slider;
    slider.name = method;
    slider.direction = {method, 0, 2.0F, 0, 18};
    tour.then(
        method + " directions", [&] { studio.state.directions.push_back(slider); }, 60 * seconds);
}

void until_exported(Tour& tour, studio::Studio& studio) {
    for (int i = 0; i < 100 && studio.capture.exporter.status().busy(); ++i)
        tour.frames(30);
}

// Exports, latents, a picture's recipe, settings.
void files(Tour& tour, const std::filesystem::path& folder) {
    studio::Studio& studio = *tour.stage.studio;
    WalkExport walk;
    walk.params = studio.playback.params();
    walk.params.walk.seeds = {1, 2};
    walk.output.path = folder / "walk.mp4";
    walk.output.height = walk.output.width = 512;
    tour.then("walk exported", [&] { studio.capture.start_export(walk); });
    until_exported(tour, studio);
    MixExport sheet;
    for (std::uint32_t seed = 1; seed <= 4; ++seed) {
        sheet.rows.push_back({{.seed_a = seed, .seed_b = seed}});
        sheet.cols.push_back({{.seed_a = seed + 10, .seed_b = seed + 10}});
    }
    sheet.layers = {0, 1, 2};
    sheet.path = folder / "sheet.png";
    tour.then("mixing sheet", [&] { studio.capture.start_export(sheet); });
    until_exported(tour, studio);
    tour.then("performance to be rendered",
              [&] { studio.capture.render_again(studio.capture.performance.last_log()); });
    studio::PerformanceExport performance;
    performance.performance = studio::performance_of_timeline(studio.state, studio.playback.played_file());
    performance.with_playing = true;
    performance.output.path = folder / "timeline.mp4";
    tour.then("timeline exported", [&] {
        studio.ui.dialog = studio::Dialog::none;
        studio.capture.start_export(performance);
    });
    until_exported(tour, studio);
    const auto latents = folder / "latents.npz";
    tour.then(
        "latents saved",
        [&] {
            studio.library.latent_files.save({latents, LatentForm::w, studio::LatentsOf::stars});
        },
        60);
    tour.then(
        "latents opened", [&] { studio.open_any(latents); }, 60);
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".png" && entry.path().stem() != "sheet")
            tour.then(
                "picture restored", [&] { studio.open_any(entry.path()); }, 60);
    }
    tour.then(
        "settings kept", [&] { studio.settings.glide_seconds = 0.7; }, 90);
}

void drive_all(Tour& tour, const std::filesystem::path& folder) {
    Stage& stage = tour.stage;
    studio::Studio& studio = *stage.studio;
    tour.then(
        "walk", [&] { studio.controls.walk.toggle_play(); }, 90);
    for (int i = 0; i < 30; ++i)
        tour.then(
            "truncation", [&] { studio.state.truncation.psi = 0.5 + 0.02 * i; }, 1);
    for (std::size_t i = 0; i < 3; ++i)
        tour.then("mix", [&] { studio.state.mix.groups[i] = {true, static_cast<std::uint32_t>(40 + i), 0.7F, {}}; });
    directions(tour, studio, "sefa", 1);
    directions(tour, studio, "pca", 2);
    tour.then("oscillator", [&] { studio.state.oscillators.push_back({}); });
    tour.then(
        "record", [&] { studio.capture.recording.toggle(); }, 120);
    for (std::size_t i = 0; i < 4; ++i) {
        tour.then("moment", [&] { studio.library.timeline.add(); });
        tour.then("preset", [&] { studio.library.presets.save(i); });
        tour.then("star", [&] { studio.library.stars.add_shown(); });
        tour.then("new seed", [&] { studio.controls.walk.new_random_seed(); });
    }
    tour.then(
        "preset recalled", [&] { studio.library.presets.recall(0); }, 60);
    tour.then(
        "timeline", [&] { studio.library.timeline.toggle_play(); }, 120);
    tour.then(
        "recording ends", [&] { studio.capture.recording.toggle(); }, 60);
    tour.then("picture saved", [&] { studio.capture.pictures.save(); });
    tour.then("session saved", [&] { studio.document.save_as(folder / "tour.atelier"); });
    for (int i = 0; i < 8; ++i)
        tour.then(
            "undo", [&] { studio.document.undo(); }, 5);
    tour.then(
        "seed map", [&] { studio.controls.walk.toggle_map(); }, 120);
    tour.then("seed map left", [&] { studio.controls.walk.toggle_map(); });
    tour.then(
        "model opened", [&] { studio.playback.open(bundled_model()); }, 120);
    tour.then(
        "session opened", [&] { studio.document.open(folder / "tour.atelier"); }, 60);
    files(tour, folder);
    for (int i = 1; i <= static_cast<int>(studio::Dialog::prepare_set); ++i) {
        const auto dialog = static_cast<studio::Dialog>(i);
        if (dialog != studio::Dialog::closing && dialog != studio::Dialog::recover)
            tour.then(fmt::format("dialog {}", i), [&] { studio.ui.dialog = dialog; });
    }
    tour.then("dialog left", [&] { studio.ui.dialog = studio::Dialog::none; });
}

// A long evening's session, with latents of 18 x 512 numbers, while it is recorded: what is edited there.
void drive_heavy(Tour& tour, const std::filesystem::path& folder) {
    studio::Studio& studio = *tour.stage.studio;
    studio::StudioState heavy = testing::heavy_state();
    heavy.walk = studio.state.walk;
    for (auto& each : heavy.directions) // found for the bundled model, too
        each.direction.last = 10;
    tour.part = "heavy session";
    studio.state = std::move(heavy); // opening is another thread's work; this is a session that grew
    tour.frames(240);
    tour.then(
        "walk", [&] { studio.controls.walk.toggle_play(); }, 90);
    tour.then(
        "record", [&] { studio.capture.recording.toggle(); }, 120);
    for (int i = 0; i < 60; ++i)
        tour.then(
            "truncation", [&] { studio.state.truncation.psi = 0.5 + 0.01 * i; }, 1);
    for (int i = 0; i < 60; ++i)
        tour.then(
            "moment dragged", [&] { studio.state.timeline.curve.keyframes[50].seconds += 0.01; }, 1);
    for (int i = 0; i < 60; ++i)
        tour.then(
            "direction", [&] { studio.state.directions[7].direction.amount += 0.05F; }, 1);
    for (std::size_t i = 0; i < 4; ++i) {
        tour.then("moment", [&] { studio.library.timeline.add(); });
        tour.then("preset", [&] { studio.library.presets.save(i); });
        tour.then("star", [&] { studio.library.stars.add_shown(); });
    }
    tour.then(
        "preset recalled", [&] { studio.library.presets.recall(5); }, 60);
    for (int i = 0; i < 12; ++i)
        tour.then(
            "undo", [&] { studio.document.undo(); }, 5);
    for (int i = 0; i < 12; ++i)
        tour.then(
            "redo", [&] { studio.document.redo(); }, 5);
    tour.then(
        "session saved", [&] { studio.document.save_as(folder / "heavy.atelier"); }, 240);
    tour.then(
        "recording ends", [&] { studio.capture.recording.toggle(); }, 60);
}

void longest_stall(benchmark::State& state, void (*drive)(Tour&, const std::filesystem::path&)) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(bundled_model(), ignored)) {
        state.SkipWithError("the bundled model is not there");
        return;
    }
    std::string label;
    for (auto _ : state) {
        const test::Scratch scratch;
        studio::StudioOptions options;
        options.settings_file = scratch / "studio.json";
        Stage stage(std::make_unique<studio::EngineRenderService>(EngineOptions{"cpu", 0}), bundled_model(), options,
                    {1280, 1400});
        stage.studio->settings.videos_folder = scratch.path().string();
        for (const char* section :
             {"WALK", "TRUNCATION", "MIX", "NOISE", "PRESETS", "STARRED", "DIRECTIONS", "OSCILLATE"})
            stage.studio->settings.folds[section] = true;
        Tour tour{.stage = stage, .part = "start"};
        tour.frames(120);
        drive(tour, scratch.path());
        std::sort(tour.ms.begin(), tour.ms.end());
        state.SetIterationTime(tour.longest.ms / 1000);
        label =
            fmt::format("in '{}'; computed at most {:.2f} ms, in '{}'; median {:.2f}, 99 of 100 below {:.2f} ms, {} "
                        "frames",
                        tour.longest.part, tour.longest_cpu.ms, tour.longest_cpu.part, tour.ms[tour.ms.size() / 2],
                        tour.ms[tour.ms.size() * 99 / 100], tour.ms.size());
    }
    state.SetLabel(label);
}

} // namespace

void register_studio_benchmarks() {
    const auto add = [](const char* name, auto* drive) {
        benchmark::RegisterBenchmark(name, longest_stall, drive)
            ->Unit(benchmark::kMillisecond)
            ->UseManualTime()
            ->Iterations(1);
    };
    add("longest_ui_stall", &drive_all);
    add("longest_ui_stall/heavy", &drive_heavy);
}

} // namespace atelier::bench
