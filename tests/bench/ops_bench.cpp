// SPDX-License-Identifier: Apache-2.0
// Single ops of src/ops beside the same thing in stock torch ops; batch 1, float32.
#include <functional>
#include <string>

#include <ATen/ops/randn.h>
#include <ATen/ops/tensor.h>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include "bench/benchmarks.h"
#include "bench/plain_network.h"
#include "ops/bias_act.h"
#include "ops/modulated_conv.h"
#include "ops/upfirdn2d.h"

namespace atelier::bench {
namespace {

using Run = std::function<at::Tensor()>;

// `make` builds the inputs when the benchmark is first run, not while all are registered.
void add(const std::string& name, const std::function<Run()>& make) {
    const auto body = [make](benchmark::State& state) {
        const c10::InferenceMode inference;
        const Run run = make();
        benchmark::DoNotOptimize(run().data_ptr());
        for (auto _ : state) {
            benchmark::DoNotOptimize(run().data_ptr());
        }
    };
    benchmark::RegisterBenchmark(name.c_str(), body)->Unit(benchmark::kMillisecond);
}

at::Tensor fir() {
    return ops::setup_filter(at::tensor({1.0F, 3.0F, 3.0F, 1.0F}));
}

// A layer from `size` x `size` to up times that, 3x3 and demodulated.
void add_modulated_conv(int in, int out, int size, int up) {
    const std::string name = fmt::format("modulated_conv/{}to{}@{}{}", in, out, size, up == 2 ? "up" : "");
    const auto make = [=](bool plain) -> Run {
        const at::Tensor x = at::randn({1, in, size, size}), w = at::randn({out, in, 3, 3});
        const at::Tensor s = at::randn({1, in}) + 1, f = fir();
        if (plain) {
            return [=] { return plain_modulated_conv2d(x, w, s, f, up, true); };
        }
        return [=] { return ops::modulated_conv2d(x, w, s, f, {}, {up, 1, true, up == 1}); };
    };
    add("ops/" + name, [make] { return make(false); });
    add("plain_ops/" + name, [make] { return make(true); });
}

// The filter after an up-sampling convolution.
void add_upfirdn2d(int channels, int size) {
    const std::string name = fmt::format("upfirdn2d/{}@{}", channels, size);
    const auto make = [=](bool plain) -> Run {
        const at::Tensor x = at::randn({1, channels, size + 1, size + 1}), f = fir();
        if (plain) {
            return [=] { return plain_fir(x, f, 1, 1, 4); };
        }
        return [=] { return ops::upfirdn2d(x, f, {{1, 1}, {1, 1}, {1, 1, 1, 1}, false, 4}); };
    };
    add("ops/" + name, [make] { return make(false); });
    add("plain_ops/" + name, [make] { return make(true); });
}

void add_bias_act(int channels, int size) {
    const std::string name = fmt::format("bias_act/{}@{}", channels, size);
    const auto make = [=](bool plain) -> Run {
        const at::Tensor x = at::randn({1, channels, size, size}), b = at::randn({channels});
        if (plain) {
            return [=] { return plain_bias_lrelu(x, b); };
        }
        return [=] { return ops::bias_act(x, b, {ops::Activation::lrelu, {}, {}, {}}); };
    };
    add("ops/" + name, [make] { return make(false); });
    add("plain_ops/" + name, [make] { return make(true); });
}

} // namespace

void register_op_benchmarks() {
    add_modulated_conv(128, 128, 16, 1);
    add_modulated_conv(512, 512, 16, 1);
    add_modulated_conv(512, 512, 16, 2);
    add_modulated_conv(128, 128, 128, 1);
    add_modulated_conv(256, 128, 64, 2);
    add_upfirdn2d(128, 128);
    add_bias_act(128, 128);
}

} // namespace atelier::bench
