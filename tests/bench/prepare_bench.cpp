// SPDX-License-Identifier: Apache-2.0
// Pictures per second of atelier dataset prepare --plain: read, cut, measured, kept, with all cores. And of reading
// alone, in a process that can do nothing else beside in this one, picture by picture in turn.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "bench/benchmarks.h"
#include "prepare/cut_run.h"
#include "prepare/read_picture.h"
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

double seconds_to_read(prepare::PictureReader& reader, const prepare::Source& source) {
    const auto begin = std::chrono::steady_clock::now();
    reader.with(source, [](const prepare::Picture&) { return prepare::Finding(); });
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void sandbox(benchmark::State& state, const char* set) {
    const auto folder = test::shared_dir() / "data" / set;
    if (!std::filesystem::is_directory(folder)) {
        state.SkipWithError("the pictures are not beside the checkout");
        return;
    }
    prepare::Sources sources = prepare::find_sources({folder}, 1);
    sources.pictures.resize(std::min<std::size_t>(sources.pictures.size(), 1000));
    prepare::PictureReader boxed(prepare::Decoding::sandboxed), here(prepare::Decoding::here);
    seconds_to_read(boxed, sources.pictures.at(0)); // its process starts
    double in_box = 0, in_process = 0, pictures = 0;
    for (auto _ : state) {
        for (const prepare::Source& source : sources.pictures) {
            in_box += seconds_to_read(boxed, source);
            in_process += seconds_to_read(here, source);
            ++pictures;
        }
    }
    state.SetLabel(fmt::format("{:.0f} pictures/s in the sandbox, {:.0f} in process: {:.3f} times the time",
                               pictures / in_box, pictures / in_process, in_box / in_process));
}

} // namespace

void register_prepare_benchmarks() {
    benchmark::RegisterBenchmark("prepare", prepare_pictures)
        ->Arg(64)
        ->Iterations(1)
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
    for (const char* set : {"emoji-portraits", "photos", "portraits"}) {
        benchmark::RegisterBenchmark((std::string("sandbox/") + set).c_str(), sandbox, set)
            ->Iterations(1)
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond);
    }
}

} // namespace atelier::bench
