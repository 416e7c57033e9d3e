// SPDX-License-Identifier: Apache-2.0
// Milliseconds per picture, batch 1, constant noise: through the Renderer, and by the plain network.
#include <cmath>
#include <map>
#include <memory>
#include <string>

#include <ATen/ops/lerp.h>
#include <ATen/ops/randn.h>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include "bench/bench_model.h"
#include "bench/benchmarks.h"
#include "bench/limit_network.h"
#include "bench/plain_network.h"
#include "engine/renderer.h"
#include "engine/weights.h"

namespace atelier::bench {
namespace {

// Both networks of a size share one set of weights, made once for all repetitions.
struct Subject {
    explicit Subject(int resolution)
        : model(in_memory(bench_generator(bench_config(resolution)))), renderer(model), bf16_renderer(model),
          plain(model->weights().generator) {}
    std::shared_ptr<const LoadedModel> model;
    Renderer renderer, bf16_renderer; // one each: a renderer may keep weights prepared for a precision
    PlainNetwork plain;
};

Subject& subject(int resolution) {
    static std::map<int, std::unique_ptr<Subject>> subjects;
    std::unique_ptr<Subject>& found = subjects[resolution];
    if (!found) {
        found = std::make_unique<Subject>(resolution);
    }
    return *found;
}

// A point between two keyframes that no picture of this process had before.
double next_position() {
    static std::uint64_t count = 0;
    double whole = 0;
    return std::modf(static_cast<double>(++count) * 0.6180339887498949, &whole);
}

void through_renderer(benchmark::State& state, Precision precision) {
    Subject& s = subject(static_cast<int>(state.range(0)));
    Renderer& renderer = precision == Precision::bf16 ? s.bf16_renderer : s.renderer;
    RenderParams params;
    params.walk.seeds = {1, 2};
    params.precision = precision;
    PixelBuffer picture;
    renderer.render(params, picture); // maps the seeds, prepares what is kept per model
    params.position = 1;
    renderer.render(params, picture);
    StageTimes times, total;
    for (auto _ : state) {
        params.position = next_position();
        renderer.render(params, picture, &times);
        benchmark::DoNotOptimize(picture.rgba.data());
        total.map_ms += times.map_ms;
        total.synth_ms += times.synth_ms;
        total.pack_ms += times.pack_ms;
    }
    const auto n = static_cast<double>(state.iterations());
    // As a label: version 1.7 refuses counters that only some benchmarks have in its CSV.
    state.SetLabel(
        fmt::format("map {:.2f} synth {:.2f} pack {:.2f}", total.map_ms / n, total.synth_ms / n, total.pack_ms / n));
}

void by_plain_network(benchmark::State& state) {
    Subject& s = subject(static_cast<int>(state.range(0)));
    const c10::InferenceMode inference;
    const model::Mapping& mapping = s.model->weights().generator.mapping;
    const at::Tensor a = mapping.truncate(mapping.forward(at::randn({1, mapping.config.z_dim}), {}), 1, -1);
    const at::Tensor b = mapping.truncate(mapping.forward(at::randn({1, mapping.config.z_dim}), {}), 1, -1);
    benchmark::DoNotOptimize(s.plain.forward(a).data_ptr());
    for (auto _ : state) {
        const at::Tensor img = s.plain.forward(a.lerp(b, next_position()));
        benchmark::DoNotOptimize(img.data_ptr());
    }
}

// The network's convolutions and nothing else.
void at_the_limit(benchmark::State& state, at::ScalarType dtype) {
    static std::map<std::pair<std::int64_t, at::ScalarType>, std::unique_ptr<LimitNetwork>> networks;
    std::unique_ptr<LimitNetwork>& network = networks[{state.range(0), dtype}];
    if (!network)
        network = std::make_unique<LimitNetwork>(bench_config(static_cast<int>(state.range(0))), dtype);
    network->run();
    for (auto _ : state)
        network->run();
    std::map<std::string, int> count;
    for (const std::string& way : network->ways())
        ++count[way];
    std::string label;
    for (const auto& [way, layers] : count)
        label += fmt::format("{}{} {}", label.empty() ? "" : " ", way, layers);
    state.SetLabel(label);
}

// z to w of `batch` seeds at once: products of matrices alone.
void by_mapping_network(benchmark::State& state, std::int64_t batch) {
    const c10::InferenceMode inference;
    const model::Mapping& mapping = subject(static_cast<int>(state.range(0))).model->weights().generator.mapping;
    const at::Tensor z = at::randn({batch, mapping.config.z_dim});
    for (auto _ : state) {
        benchmark::DoNotOptimize(mapping.forward(z, {}).data_ptr());
    }
}

} // namespace

void register_picture_benchmarks() {
    const auto sizes = [](benchmark::internal::Benchmark* b) {
        b->Unit(benchmark::kMillisecond)->Arg(64)->Arg(256)->Arg(512);
    };
    sizes(benchmark::RegisterBenchmark("synthesis", through_renderer, Precision::fp32));
    sizes(benchmark::RegisterBenchmark("plain", by_plain_network));
    sizes(benchmark::RegisterBenchmark("synthesis_bf16", through_renderer, Precision::bf16));
    sizes(benchmark::RegisterBenchmark("limit", at_the_limit, at::kFloat));
    sizes(benchmark::RegisterBenchmark("limit_bf16", at_the_limit, at::kBFloat16));
    const auto of_mapping = [](benchmark::internal::Benchmark* b) {
        b->Unit(benchmark::kMillisecond)->Arg(64)->Arg(512);
    };
    of_mapping(benchmark::RegisterBenchmark("mapping", by_mapping_network, 1));
    of_mapping(benchmark::RegisterBenchmark("mapping_batch", by_mapping_network, 256));
}

} // namespace atelier::bench
