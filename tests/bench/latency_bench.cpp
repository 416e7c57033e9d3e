// SPDX-License-Identifier: Apache-2.0
// From a slider that a panel moves while it is drawn to the first picture of the new value on its way to the window:
// the whole studio over the real engine, without a window, drawn 60 times a second.
#include <algorithm>
#include <chrono>
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
#include "ui/stage.h"

namespace atelier::bench {
namespace {

using Clock = std::chrono::steady_clock;
using testing::Stage;

constexpr auto refresh = std::chrono::microseconds(16667);

void slider_to_picture(benchmark::State& state) {
    const auto model = test::source_dir() / "assets" / "emoji-portraits-64.safetensors";
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(model, ignored)) {
        state.SkipWithError("the bundled model is not there");
        return;
    }
    Stage stage(std::make_unique<studio::EngineRenderService>(EngineOptions{"cpu", 0}), model, {}, {1280, 1400});
    studio::Studio& studio = *stage.studio;
    if (!stage.soon([&] { return studio.playback.counters.pictures > 0 && !studio.busy(); })) {
        state.SkipWithError("no picture came");
        return;
    }
    // A frame, then what the window waits for: its next refresh.
    auto next = Clock::now();
    const auto frame = [&] { stage.frame(); };
    const auto wait = [&] {
        next = std::max(next + refresh, Clock::now());
        std::this_thread::sleep_until(next);
    };
    const auto paced_frame = [&] {
        frame();
        wait();
    };
    std::vector<double> ms, renders;
    for (auto _ : state) {
        for (int i = 0; i < 40; ++i) {
            while (studio.busy())
                paced_frame();
            ImGui::GetIO().MousePos = stage.place("psi", 0, i % 2 == 0 ? 0.2F : 0.8F);
            paced_frame();
            const std::uint64_t before = studio.playback.counters.pictures;
            ImGui::GetIO().MouseDown[0] = true; // while it draws this frame the slider goes to where the mouse is
            const auto start = Clock::now();
            for (frame(); studio.playback.counters.pictures == before; frame())
                wait();
            ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
            const StageTimes& times = studio.playback.shown().times;
            renders.push_back(times.map_ms + times.synth_ms + times.pack_ms);
            ImGui::GetIO().MouseDown[0] = false;
            paced_frame();
        }
        std::sort(ms.begin(), ms.end());
        std::sort(renders.begin(), renders.end());
        state.SetIterationTime(ms[ms.size() / 2] / 1000);
    }
    state.SetLabel(fmt::format("shortest {:.1f}, middle {:.1f}, 9 of 10 within {:.1f}; a render takes {:.1f}",
                               ms.front(), ms[ms.size() / 2], ms[ms.size() * 9 / 10], renders[renders.size() / 2]));
}

} // namespace

void register_latency_benchmarks() {
    benchmark::RegisterBenchmark("slider_to_picture/64", slider_to_picture)
        ->Unit(benchmark::kMillisecond)
        ->UseManualTime()
        ->Iterations(1);
}

} // namespace atelier::bench
