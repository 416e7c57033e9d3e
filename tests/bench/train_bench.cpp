// SPDX-License-Identifier: Apache-2.0
// Whole training iterations of the bundled model's configuration: 16 of them, so that every phase has its share.
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
constexpr int batch = 8;

// As a label: version 1.7 refuses counters that only some benchmarks have in its CSV.
void show_phases(benchmark::State& state, const std::map<std::string, double>& phase_ms) {
    std::string label;
    for (const auto& [name, ms] : phase_ms) {
        label += fmt::format("{}{} {:.1f}", label.empty() ? "" : " ", name, ms);
    }
    state.SetLabel(label);
}

void train_ours(benchmark::State& state, bool bf16) {
    train::Networks networks = train_networks();
    const train::IterationInput in = train_input(networks, batch);
    train::Trainer trainer(std::move(networks), train_settings(batch, bf16), 1);
    for (auto _ : state) {
        for (int i = 0; i < iterations_per_round; ++i) {
            trainer.iterate(in);
        }
    }
    trainer.iterations = 0; // all phases once more, for the shares
    trainer.iterate(in);
    show_phases(state, trainer.phase_ms);
}

void train_plain(benchmark::State& state) {
    train::Networks networks = train_networks();
    const train::IterationInput in = train_input(networks, batch);
    PlainTrainer trainer(std::move(networks), train_settings(batch, false));
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
    once(benchmark::RegisterBenchmark("train/64", train_ours, ops::cpu_has_fast_bf16())); // as atelier train does
    once(benchmark::RegisterBenchmark("train_fp32/64", train_ours, false));
    once(benchmark::RegisterBenchmark("train_plain/64", train_plain));
}

} // namespace atelier::bench
