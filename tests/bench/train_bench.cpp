// SPDX-License-Identifier: Apache-2.0
// Whole training iterations of the bundled model's configuration: 16 of them, so that every phase has its share.
#include <memory>

#include <ATen/ops/randint.h>
#include <benchmark/benchmark.h>

#include "bench/benchmarks.h"
#include "bench/train_model.h"

namespace atelier::bench {
namespace {

constexpr int iterations_per_round = 16; // the R1 phase comes once in 16
constexpr int batch = 8;

void train(benchmark::State& state, bool bf16) {
    train::Trainer trainer(train_networks(), train_settings(batch, bf16), 1);
    const train::IterationInput in = train_input(trainer, batch);
    for (auto _ : state) {
        for (int i = 0; i < iterations_per_round; ++i) {
            trainer.iterate(in);
        }
    }
    trainer.iterations = 0; // all phases once more, for the shares
    trainer.iterate(in);
    for (const auto& [name, ms] : trainer.phase_ms) {
        state.counters[name + "_ms"] = ms;
    }
    state.counters["images_per_second"] = benchmark::Counter(
        static_cast<double>(state.iterations()) * iterations_per_round * batch, benchmark::Counter::kIsRate);
}

} // namespace

void register_train_benchmarks() {
    for (const bool bf16 : {false, true}) {
        benchmark::RegisterBenchmark(bf16 ? "train_bf16/64" : "train/64", train, bf16)
            ->Unit(benchmark::kMillisecond)
            ->Iterations(1)
            ->UseRealTime();
    }
}

} // namespace atelier::bench
