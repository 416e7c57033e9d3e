// SPDX-License-Identifier: Apache-2.0
// What a published model costs the picture that plays: the longest gap between two pictures of a walk while weights of
// a run come once a second, as the trainer hands them over, and while none come.
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "bench/bench_model.h"
#include "bench/benchmarks.h"
#include "studio/adapters/engine_render_service.h"
#include "train/networks.h"

namespace atelier::bench {
namespace {

using Clock = std::chrono::steady_clock;
using studio::ViewedModel;

constexpr int seconds_measured = 12;

double ms_between(Clock::time_point a, Clock::time_point b) {
    return std::chrono::duration<double, std::milli>(b - a).count();
}

double middle(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// The longest gap between two pictures of each second, shortest first. pictures: what each of them took to make.
std::vector<double> longest_gaps(studio::RenderService& service, int seconds, std::vector<double>& pictures) {
    RenderParams params;
    params.walk.seeds = {1, 2, 3, 4};
    params.precision = Precision::fp32;
    std::vector<double> gaps;
    auto last = Clock::now();
    for (int second = 0; second < seconds; ++second) {
        double longest = 0;
        const auto end = Clock::now() + std::chrono::seconds(1);
        while (Clock::now() < end) {
            params.position += 1e-3;
            service.set_params(params, false);
            std::optional<Frame> frame;
            while (!(frame = service.take_frame()))
                std::this_thread::sleep_for(std::chrono::microseconds(100));
            pictures.push_back(frame->times.map_ms + frame->times.synth_ms + frame->times.pack_ms);
            const auto now = Clock::now();
            longest = std::max(longest, ms_between(last, now));
            last = now;
        }
        gaps.push_back(longest);
    }
    std::sort(gaps.begin(), gaps.end());
    return gaps;
}

// Every second has one publication somewhere, so each gives one gap; the shortest and the middle one say what a
// publication costs where nothing else takes the cores.
void publishing(benchmark::State& state) {
    const model::Generator generator = bench_generator(bench_config(static_cast<int>(state.range(0))));
    studio::EngineRenderService service(EngineOptions{"cpu", 0});
    std::uint64_t number = 0;
    const auto publish = [&] {
        const model::Generator copy = train::copy_of(generator);
        ++number;
        service.publish(make_loaded_model(copy, "training", number), number == 1);
    };
    publish();
    service.show(ViewedModel::training, {});
    std::vector<double> pictures;
    longest_gaps(service, 2, pictures);
    pictures.clear();
    const std::vector<double> quiet = longest_gaps(service, 5, pictures);
    const double picture = middle(pictures);
    std::vector<double> gaps;
    for (auto _ : state) {
        const std::jthread trainer([&](const std::stop_token& stop) {
            for (auto next = Clock::now(); !stop.stop_requested(); next += std::chrono::seconds(1)) {
                std::this_thread::sleep_until(next);
                publish();
            }
        });
        gaps = longest_gaps(service, seconds_measured, pictures);
        state.SetIterationTime(middle(gaps) / 1000);
    }
    state.SetLabel(fmt::format("a picture takes {:.2f}; longest gap of a second {:.1f} at best, {:.1f} in the middle; "
                               "without publishing {:.1f}, {:.1f}",
                               picture, gaps.front(), middle(gaps), quiet.front(), middle(quiet)));
}

} // namespace

void register_publish_benchmarks() {
    benchmark::RegisterBenchmark("publishing", publishing)
        ->Unit(benchmark::kMillisecond)
        ->Arg(64)
        ->Arg(256)
        ->UseManualTime()
        ->Iterations(1);
}

} // namespace atelier::bench
