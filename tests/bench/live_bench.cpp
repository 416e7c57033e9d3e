// SPDX-License-Identifier: Apache-2.0
// What playing from outside costs: 64 connections and 20 swings a turn, and the way from a message to its picture.
#include <algorithm>
#include <chrono>
#include <filesystem>
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
using namespace studio;

constexpr auto refresh = std::chrono::microseconds(16667);

// As many as there are parameters that can be moved, over and over.
void connect(Stage& stage, int count, ConnectionMode mode) {
    std::vector<ParameterRef> targets;
    for (const ParameterRef each : parameters_of(stage.state())) {
        if (each->can_modulate() && !each->modulation.octaves)
            targets.push_back(each);
    }
    for (int i = 0; i < count; ++i) {
        const ParameterRef which = targets[static_cast<std::size_t>(i) % targets.size()];
        Connection each = new_connection(fmt::format("source/{}", i), which, id_of(stage.state(), which));
        each.mode = i % 2 == 0 ? mode : ConnectionMode::set;
        each.attack = each.release = 50;
        each.soft = false;
        stage.studio->live.state.connections.push_back(each);
    }
}

void swing(StudioState& state, int count) {
    for (int i = 0; i < count; ++i)
        state.oscillators.push_back({.target = fmt::format("mix.layer.{}.weight", i % max_layers), .period = 1.0 + i});
}

// A turn's part of the matrix, and the params of the picture; all 64 sources have news in each turn.
void live_turn(benchmark::State& state) {
    Stage stage(64, 10, {}, {1280, 720});
    Live& live = stage.studio->live;
    const auto connections = static_cast<int>(state.range(0)), swings = static_cast<int>(state.range(1));
    connect(stage, connections, ConnectionMode::add);
    swing(stage.state(), swings);
    int turn = 0;
    for (auto _ : state) {
        state.PauseTiming();
        ++turn;
        for (int i = 0; i < connections; ++i)
            live.hub.set(fmt::format("source/{}", i), (turn * 7 + i) % 100 / 100.0);
        state.ResumeTiming();
        live.turn(1.0 / 60);
        benchmark::DoNotOptimize(stage.studio->playback.program_params());
        benchmark::DoNotOptimize(stage.studio->playback.light());
    }
}

void message_to_picture(benchmark::State& state) {
    const auto model = test::source_dir() / "assets" / "emoji-portraits-64.safetensors";
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(model, ignored)) {
        state.SkipWithError("the bundled model is not there");
        return;
    }
    Stage stage(std::make_unique<EngineRenderService>(EngineOptions{"cpu", 0}), model, {}, {1280, 1400});
    Studio& studio = *stage.studio;
    if (!stage.soon([&] { return studio.playback.counters.pictures > 0 && !studio.busy(); })) {
        state.SkipWithError("no picture came");
        return;
    }
    studio.live.connect("knob", "truncation.psi");
    studio.live.state.connections[0].soft = false;
    auto next = Clock::now();
    const auto paced_frame = [&] {
        stage.frame();
        next = std::max(next + refresh, Clock::now());
        std::this_thread::sleep_until(next);
    };
    std::vector<double> ms;
    for (auto _ : state) {
        for (int i = 0; i < 40; ++i) {
            while (studio.busy())
                paced_frame();
            const std::uint64_t before = studio.playback.counters.pictures;
            const auto start = Clock::now();
            studio.live.hub.set("knob", i % 2 == 0 ? 0.2 : 0.8);
            while (studio.playback.counters.pictures == before)
                paced_frame();
            ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
        }
        std::sort(ms.begin(), ms.end());
        state.SetIterationTime(ms[ms.size() / 2] / 1000);
    }
    state.SetLabel(fmt::format("shortest {:.1f}, middle {:.1f}, 9 of 10 within {:.1f}", ms.front(), ms[ms.size() / 2],
                               ms[ms.size() * 9 / 10]));
}

} // namespace

void register_live_benchmarks() {
    benchmark::RegisterBenchmark("live_turn", live_turn)
        ->ArgNames({"connections", "swings"})
        ->Args({0, 0})
        ->Args({64, 0})
        ->Args({0, 20})
        ->Args({64, 20})
        ->Unit(benchmark::kMicrosecond);
    benchmark::RegisterBenchmark("message_to_picture", message_to_picture)
        ->Unit(benchmark::kMillisecond)
        ->UseManualTime()
        ->Iterations(1);
}

} // namespace atelier::bench
