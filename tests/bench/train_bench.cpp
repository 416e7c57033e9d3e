// SPDX-License-Identifier: Apache-2.0
// Whole training iterations of the bundled models' configurations: 16 of them, so that every phase has its share.
#include <map>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "bench/benchmarks.h"
#include "bench/plain_training.h"
#include "bench/train_model.h"
#include "ops/cpu_features.h"

namespace atelier::bench {
namespace {

constexpr int iterations_per_round = 16; // the R1 phase comes once in 16

// 64 px as users fine-tune, 128 px as a bundled model learns from many pictures.
int batch_of(int resolution) {
    return resolution == 64 ? 8 : 16;
}
bool augmented(int resolution) {
    return resolution == 64;
}

// As a label: version 1.7 refuses counters that only some benchmarks have in its CSV.
void show_phases(benchmark::State& state, const std::map<std::string, double>& phase_ms) {
    std::string label;
    for (const auto& [name, ms] : phase_ms) {
        label += fmt::format("{}{} {:.1f}", label.empty() ? "" : " ", name, ms);
    }
    state.SetLabel(label);
}

void train_ours(benchmark::State& state, int resolution, bool bf16) {
    train::Networks networks = train_networks(resolution);
    const int batch = batch_of(resolution);
    const train::IterationInput in = train_input(networks, batch);
    train::Trainer trainer(std::move(networks), train_settings(batch, bf16, augmented(resolution)), 1);
    for (auto _ : state) {
        for (int i = 0; i < iterations_per_round; ++i) {
            trainer.iterate(in);
        }
    }
    trainer.iterations = 0; // all phases once more, for the shares
    trainer.iterate(in);
    show_phases(state, trainer.phase_ms);
}

void train_plain(benchmark::State& state, int resolution) {
    train::Networks networks = train_networks(resolution);
    const int batch = batch_of(resolution);
    const train::IterationInput in = train_input(networks, batch);
    PlainTrainer trainer(std::move(networks), train_settings(batch, false, augmented(resolution)));
    train::SeededRandom random(1);
    for (auto _ : state) {
        for (int i = 0; i < iterations_per_round; ++i) {
            trainer.iterate(in, random);
        }
    }
    trainer.iterations = 0;
    trainer.iterate(in, random);
    show_phases(state, trainer.phase_ms);
}

} // namespace

void register_train_benchmarks() {
    const auto once = [](benchmark::internal::Benchmark* b) {
        b->Unit(benchmark::kMillisecond)->Iterations(1)->UseRealTime();
    };
    for (const int resolution : {64, 128}) {
        const std::string size = std::to_string(resolution);
        once(benchmark::RegisterBenchmark(("train/" + size).c_str(), train_ours, resolution,
                                          ops::cpu_has_fast_bf16())); // as atelier train does
        once(benchmark::RegisterBenchmark(("train_fp32/" + size).c_str(), train_ours, resolution, false));
        once(benchmark::RegisterBenchmark(("train_plain/" + size).c_str(), train_plain, resolution));
    }
}

} // namespace atelier::bench
