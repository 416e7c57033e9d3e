// SPDX-License-Identifier: Apache-2.0
// atelier_bench: Google Benchmark's options; scripts/bench.sh makes one table of it.
#include <cstdlib>

#include <benchmark/benchmark.h>

#include "bench/benchmarks.h"
#include "ops/tensor_memory.h"
#include "ops/threads.h"

int main(int argc, char** argv) {
    if (std::getenv("ATELIER_BENCH_FRESH_MEMORY") == nullptr) // asked for anew for each tensor, to compare
        atelier::keep_tensor_memory();
    atelier::bench::register_picture_benchmarks();
    atelier::bench::register_op_benchmarks();
    atelier::bench::register_train_benchmarks();
#ifndef ATELIER_BENCH_CORE // what needs neither video nor the studio, for machines that have nothing but torch
    atelier::bench::register_export_benchmarks();
    atelier::bench::register_together_benchmarks();
    atelier::bench::register_publish_benchmarks();
    atelier::bench::register_record_benchmarks();
    atelier::bench::register_studio_benchmarks();
    atelier::bench::register_live_benchmarks();
    atelier::bench::register_latency_benchmarks();
    atelier::bench::register_prepare_benchmarks();
    atelier::bench::register_program_benchmarks();
#endif
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 1;
    }
    // As every command does it, so that ours and plain get the same cores; OMP_NUM_THREADS asks for another number.
    const char* threads = std::getenv("OMP_NUM_THREADS");
    atelier::set_operation_threads(threads != nullptr ? std::atoi(threads) : 0);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
