// SPDX-License-Identifier: Apache-2.0
// Pictures per second of atelier dataset prepare --plain: read, cut, measured, kept, with all cores.
#include <filesystem>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "bench/benchmarks.h"
#include "prepare/cut_run.h"
#include "support/paths.h"
#include "support/scratch.h"

namespace atelier::bench {
namespace {

void prepare_pictures(benchmark::State& state) {
    const auto folder = test::shared_dir() / "data" / "emoji-portraits";
    if (!std::filesystem::is_directory(folder)) {
        state.SkipWithError("the emoji portraits are not beside the checkout");
        return;
    }
    prepare::CutOptions options;
    options.size = static_cast<int>(state.range(0));
    double seconds = 0;
    std::size_t pictures = 0;
    for (auto _ : state) {
        const test::Scratch scratch;
        prepare::CutRun job(prepare::find_sources({folder}, 1), options, scratch / "work");
        const auto begin = std::chrono::steady_clock::now();
        job.start(0);
        while (!job.wait(10)) {
        }
        seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        pictures += job.progress().done;
    }
    state.SetLabel(fmt::format("{:.0f} pictures/s", static_cast<double>(pictures) / seconds));
}

} // namespace

void register_prepare_benchmarks() {
    benchmark::RegisterBenchmark("prepare", prepare_pictures)
        ->Arg(64)
        ->Iterations(1)
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
}

} // namespace atelier::bench
