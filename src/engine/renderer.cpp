// SPDX-License-Identifier: Apache-2.0
#include "engine/renderer.h"

#include <chrono>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/randn.h>
#include <c10/core/InferenceMode.h>

#include "engine/pack.h"
#include "engine/render_w.h"
#include "engine/weights.h"

namespace atelier {
namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

} // namespace

struct Renderer::Impl {
    explicit Impl(const model::Generator& generator) : w_path(generator) {}
    WPath w_path;
};

Renderer::Renderer(std::shared_ptr<const LoadedModel> model)
    : model_(std::move(model)), impl_(std::make_unique<Impl>(model_->weights().generator)) {}

Renderer::~Renderer() = default;

void Renderer::render(const RenderParams& params, PixelBuffer& out, StageTimes* times) {
    const c10::InferenceMode inference;
    auto start = Clock::now();
    const at::Tensor ws = impl_->w_path.ws(params);
    StageTimes measured;
    measured.map_ms = ms_since(start);

    start = Clock::now();
    model::SynthesisOptions options;
    options.noise = params.noise;
    options.noise_strength = params.noise_strength;
    // The CPU's half-precision kernels are slower than its float ones, so only a GPU follows the file here.
    options.force_fp32 = params.precision != Precision::model && params.precision != Precision::fp16;
    options.force_fp32 = options.force_fp32 || model_->weights().device.is_cpu();
    at::Generator random = at::detail::createCPUGenerator(params.noise_seed);
    options.random_noise = [&](std::int64_t n, int resolution) {
        return at::randn({n, 1, resolution, resolution}, random, at::kFloat);
    };
    const at::Tensor img = model_->weights().generator.synthesis.forward(ws, options);
    measured.synth_ms = ms_since(start);

    start = Clock::now();
    pack_rgba(img, out);
    measured.pack_ms = ms_since(start);
    if (times != nullptr) {
        *times = measured;
    }
}

} // namespace atelier
