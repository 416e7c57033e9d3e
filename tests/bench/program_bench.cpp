// SPDX-License-Identifier: Apache-2.0
// What a person waits for with the bundled model: a slider's picture, loading, the program's first picture.
#include <chrono>
#include <cmath>
#include <filesystem>
#include <string>
#include <thread>

#include <benchmark/benchmark.h>

#include "base/error.h"
#include "bench/benchmarks.h"
#include "engine/engine.h"
#include "engine/loaded_model.h"
#include "support/paths.h"
#include "support/program.h"
#include "support/scratch.h"

namespace atelier::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
constexpr auto patience = std::chrono::seconds(60);

fs::path bundled_model() {
    return test::source_dir() / "assets" / "emoji-portraits-64.safetensors";
}

fs::path public_model() {
    return test::shared_dir() / "models" / "emoji64.pkl";
}

// False, and the benchmark is skipped with the reason, if the file is not there.
bool there(benchmark::State& state, const fs::path& path) {
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored)) {
        state.SkipWithError((path.string() + " is not there").c_str());
        return false;
    }
    return true;
}

// From Engine::set_params to the frame with these very params.
void parameter_to_frame(benchmark::State& state) {
    const fs::path path = bundled_model();
    if (!there(state, path)) {
        return;
    }
    Engine engine({"cpu", 0});
    engine.load(path);
    RenderParams params;
    params.walk.seeds = {1, 2};
    params.precision = Precision::fp32;
    std::uint64_t count = 0;
    // Looks often, but sleeps between: a busy wait would take a core from the render thread.
    const auto frame_comes = [&] {
        double whole = 0;
        params.position = std::modf(static_cast<double>(++count) * 0.6180339887498949, &whole);
        engine.set_params(params);
        const auto end = Clock::now() + patience;
        while (Clock::now() < end) {
            if (const auto frame = engine.take_frame()) {
                if (!frame->error.empty()) {
                    state.SkipWithError(frame->error.c_str());
                    return false;
                }
                if (frame->params.position == params.position) {
                    return true;
                }
            }
            std::this_thread::sleep_for(std::chrono::microseconds(20));
        }
        const LoadStatus status = engine.load_status();
        state.SkipWithError(status.message.empty() ? "no frame came within a minute" : status.message.c_str());
        return false;
    };
    if (!frame_comes() || !frame_comes()) {
        return;
    }
    for (auto _ : state) {
        if (!frame_comes()) {
            return;
        }
    }
}

void model_load(benchmark::State& state, const fs::path& path) {
    if (!there(state, path)) {
        return;
    }
    try {
        for (auto _ : state) {
            benchmark::DoNotOptimize(load_model(path, "cpu").get());
        }
    } catch (const std::exception& error) {
        state.SkipWithError(message_of(error).c_str());
    }
}

// A whole run of `atelier render` for one picture: starting, loading, mapping, rendering, writing.
void start_to_first_picture(benchmark::State& state) {
    const fs::path path = bundled_model();
    if (!there(state, path)) {
        return;
    }
    if (!there(state, test::program())) {
        return;
    }
    const test::Scratch scratch;
    const fs::path picture = scratch / "picture.png";
    for (auto _ : state) {
        const test::ProgramEnd run =
            test::run_program({"render", path.string(), "--seeds", "85", "--out", picture.string(), "--device", "cpu"});
        if (run.exit_code != 0 || !fs::exists(picture)) {
            state.SkipWithError(("atelier render failed: " + run.err).c_str());
            return;
        }
        fs::remove(picture);
    }
}

} // namespace

void register_program_benchmarks() {
    using benchmark::kMillisecond;
    using benchmark::RegisterBenchmark;
    // Numbers of iterations are given where this thread only waits: the library goes by its CPU time.
    RegisterBenchmark("parameter_to_frame/64", parameter_to_frame)->Unit(kMillisecond)->Iterations(20);
    RegisterBenchmark("model_load/64/safetensors", model_load, bundled_model())->Unit(kMillisecond);
    RegisterBenchmark("model_load/64/pkl", model_load, public_model())->Unit(kMillisecond);
    RegisterBenchmark("start_to_first_picture", start_to_first_picture)->Unit(kMillisecond)->Iterations(1);
}

} // namespace atelier::bench
