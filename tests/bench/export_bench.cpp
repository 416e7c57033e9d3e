// SPDX-License-Identifier: Apache-2.0
// Many pictures: as sheets and exports ask for them, and whole exports to H.264.
#include <filesystem>
#include <map>
#include <memory>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include "bench/bench_model.h"
#include "bench/benchmarks.h"
#include "engine/render_pool.h"
#include "export/walk_export.h"

namespace atelier::bench {
namespace {

std::shared_ptr<const LoadedModel> model_of(int resolution) {
    static std::map<int, std::shared_ptr<const LoadedModel>> models;
    std::shared_ptr<const LoadedModel>& found = models[resolution];
    if (!found)
        found = in_memory(bench_generator(bench_config(resolution)));
    return found;
}

void pictures(benchmark::State& state) {
    const auto model = model_of(static_cast<int>(state.range(0)));
    const int count = static_cast<int>(state.range(1));
    RenderParams params;
    params.precision = Precision::fp32;
    std::uint32_t seed = 0;
    RenderPool pool;
    for (auto _ : state) {
        pool.run(
            count,
            [&](int) {
                params.walk.seeds = {seed++};
                return RenderOrder{model, params};
            },
            [](int, PixelBuffer& picture) { benchmark::DoNotOptimize(picture.rgba.data()); }, {});
    }
    state.SetItemsProcessed(state.iterations() * count);
}

void export_of_a_walk(benchmark::State& state) {
    const auto model = model_of(static_cast<int>(state.range(0)));
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / fmt::format("atelier-bench-{}.mp4", getpid());
    WalkExport job;
    job.params.precision = Precision::fp32;
    job.params.walk.seeds = {1, 2};
    job.params.walk.loop = false;
    job.seconds_per_step = static_cast<double>(state.range(1)) / 30;
    job.output.path = file;
    job.output.fps = 30;
    int frames = 0;
    for (auto _ : state)
        frames = export_walk(model, job, {}, {});
    std::filesystem::remove(file);
    state.SetItemsProcessed(state.iterations() * frames);
    state.SetLabel(fmt::format("{} frames", frames));
}

} // namespace

void register_export_benchmarks() {
    for (const int resolution : {64, 256}) {
        for (const int count : {1, 4, 16}) {
            benchmark::RegisterBenchmark("pictures", pictures)
                ->Args({resolution, count})
                ->Unit(benchmark::kMillisecond)
                ->UseRealTime();
        }
    }
    for (const auto& [resolution, frames] : {std::pair{64, 300}, std::pair{256, 30}, std::pair{512, 60}}) {
        benchmark::RegisterBenchmark("export", export_of_a_walk)
            ->Args({resolution, frames})
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime();
    }
}

} // namespace atelier::bench
