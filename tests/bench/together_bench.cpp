// SPDX-License-Identifier: Apache-2.0
// Playing and training at once, as the studio does it, over its own render service: pictures a second and seconds per
// kimg, alone and together.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "bench/benchmarks.h"
#include "studio/adapters/engine_render_service.h"
#include "support/paths.h"
#include "support/scratch.h"
#include "train/train_thread.h"

namespace atelier::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double seconds_measured = 10;

std::filesystem::path asset(const char* name) {
    return test::source_dir() / "assets" / name;
}

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

// A walk at 60 steps a second for a while; the milliseconds that each picture took to make.
std::vector<double> play(studio::RenderService& engine, double seconds) {
    RenderParams params;
    params.walk.seeds = {1, 2, 3, 4};
    params.precision = Precision::model;
    const auto start = Clock::now();
    std::vector<double> pictures;
    for (double now = 0; now < seconds; now = seconds_since(start)) {
        params.position = now;
        engine.set_params(params, true);
        std::this_thread::sleep_for(std::chrono::microseconds(16667));
        if (const auto frame = engine.take_frame()) {
            pictures.push_back(frame->times.map_ms + frame->times.synth_ms + frame->times.pack_ms);
        }
    }
    return pictures;
}

bool wait_for(const train::TrainThread& training, TrainState state) {
    for (int i = 0; i < 6000 && training.status().state != state; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return training.status().state == state;
}

// Pictures between two looks at the counter, which moves a batch at a time.
double measured_sec_per_kimg(double kimg_before, double kimg_after, double seconds) {
    return kimg_after > kimg_before ? seconds / (kimg_after - kimg_before) : 0;
}

void together(benchmark::State& state, bool with_viewer, bool with_training) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(asset("emoji-portraits-64.safetensors"), ignored) ||
        !std::filesystem::is_regular_file(asset("tour-64.zip"), ignored)) {
        state.SkipWithError("the bundled model or assets/tour-64.zip is not there");
        return;
    }
    const test::Scratch scratch;
    train::TrainThreadOptions how;
    how.leave_a_core = true;
    train::TrainThread training(how);
    if (with_training) {
        TrainOptions options;
        options.data = asset("tour-64.zip").string();
        options.resume = asset("emoji-portraits-64.safetensors").string();
        options.out = (scratch.path() / "run").string();
        options.kimg = 1000;
        options.batch = 8; // a step is short enough for several to end in the time measured
        options.mirror_x = true;
        training.start(options);
        if (!wait_for(training, TrainState::running)) {
            state.SkipWithError(training.status().message.c_str());
            return;
        }
    }
    std::unique_ptr<studio::EngineRenderService> engine;
    if (with_viewer) {
        engine = std::make_unique<studio::EngineRenderService>(EngineOptions{"cpu", 0});
        engine->load(asset("emoji-portraits-64.safetensors"));
    }
    const auto run = [&](double seconds) {
        if (engine) {
            return play(*engine, seconds);
        }
        std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
        return std::vector<double>();
    };
    run(3); // loading, choosing a precision, the first step with all its phases
    std::vector<double> pictures;
    double before = 0, after = 0, seconds = 0;
    for (auto _ : state) {
        const auto start = Clock::now();
        before = training.status().kimg;
        pictures = run(seconds_measured);
        after = training.status().kimg;
        seconds = seconds_since(start);
    }
    std::string label; // no counters: the table's CSV takes none that not all lines have
    if (!pictures.empty()) {
        std::sort(pictures.begin(), pictures.end());
        label = fmt::format("{:.1f} pictures/s, each in {:.2f} ms at best, {:.2f} in the middle",
                            static_cast<double>(pictures.size()) / seconds, pictures.front(),
                            pictures[pictures.size() / 2]);
    }
    if (with_training) {
        label +=
            fmt::format("{}{:.0f} s/kimg", label.empty() ? "" : ", ", measured_sec_per_kimg(before, after, seconds));
    }
    state.SetLabel(label);
}

} // namespace

void register_together_benchmarks() {
    const auto add = [](const char* name, bool viewer, bool training) {
        benchmark::RegisterBenchmark(name, together, viewer, training)
            ->Unit(benchmark::kMillisecond)
            ->Iterations(1)
            ->UseRealTime();
    };
    add("viewer_alone/64", true, false);
    add("training_alone/64", false, true);
    add("viewer_beside_training/64", true, true);
}

} // namespace atelier::bench
