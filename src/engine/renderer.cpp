// SPDX-License-Identifier: Apache-2.0
#include "engine/renderer.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include <ATen/ops/full.h>
#include <c10/core/InferenceMode.h>

#include "base/error.h"
#include "engine/block_costs.h"
#include "engine/device_synthesis.h"
#include "engine/fast_synthesis.h"
#include "engine/latent_resolver.h"
#include "engine/pack.h"
#include "engine/prepared_synthesis.h"
#include "engine/weights.h"
#include "ops/cpu_features.h"
#include "ops/device_queue.h"

namespace atelier {
namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

at::ScalarType dtype_of(Precision precision) {
    return precision == Precision::bf16 ? at::kBFloat16 : at::kFloat;
}

} // namespace

struct Renderer::Impl {
    explicit Impl(const LoadedModel::Weights& w)
        : weights(w), has_fast_way(FastSynthesis::supports(w.generator)), w_path(w.near_mapping()),
          queue(w.device, ops::Urgency::viewer), chosen(given_precision()) {
        if (!weights.device.is_cpu()) {
            take_over();
        }
    }

    // The weights may come from another queue of the device, and may be let go while this one still reads them.
    void take_over() {
        const ops::OnQueue on(queue);
        weights.ready.wait();
        for (const model::Parameter& parameter : weights.generator.parameters.all()) {
            ops::keep_for_queue(parameter.value);
        }
        on_device.emplace(weights.generator, weights.device);
    }

    // Made when first wanted; if nobody has laid out the weights for that precision yet, that is done here.
    FastSynthesis* fast(Precision precision) {
        if (!has_fast_way) {
            return nullptr;
        }
        auto& slot = precision == Precision::bf16 ? bf16 : fp32;
        if (!slot) {
            slot = std::make_unique<FastSynthesis>(weights.prepared->get(weights.generator, dtype_of(precision)));
        }
        return slot.get();
    }
    // Memory that the other's pictures needed, so that the first picture here needs no fresh one.
    void go_on_from(const Impl& other) {
        for (const Precision precision : {Precision::fp32, Precision::bf16}) {
            const auto& old = precision == Precision::bf16 ? other.bf16 : other.fp32;
            if (has_fast_way && old && weights.prepared->made(dtype_of(precision))) {
                fast(precision)->share_memory_of(*old);
            }
        }
    }
    at::Tensor synthesize(const at::Tensor& ws, const RenderParams& params, Precision precision, int max_resolution);
    std::optional<Precision> given_precision() const;
    BlockCosts& block_costs(Precision precision);
    bool time_next_block(Precision precision);
    bool measure_next(Precision wanted);

    const LoadedModel::Weights& weights;
    const bool has_fast_way;
    LatentResolver w_path;
    const ops::DeviceQueue queue;
    std::unique_ptr<FastSynthesis> fp32, bf16;
    std::optional<DeviceSynthesis> on_device;
    std::optional<Precision> chosen;
    std::optional<DeviceFramePool> device_frames;
    std::shared_ptr<const DeviceBuffer> device_frame;
    std::optional<BlockCosts> costs_fp32, costs_bf16;
};

at::Tensor Renderer::Impl::synthesize(const at::Tensor& ws, const RenderParams& params, Precision precision,
                                      int max_resolution) {
    if (FastSynthesis* way = fast(precision); way != nullptr) {
        return way->forward(
            ws, {params.noise, params.noise_strength, params.noise_seed, params.layer_noise, params.noise_numbers},
            max_resolution);
    }
    // Old noise is drawn on the CPU, which no recording holds.
    const bool old_noise = params.noise == NoiseMode::random && params.noise_numbers == NoiseNumbers::mersenne;
    if (on_device && !old_noise) {
        return on_device->forward(
            ws, {precision == Precision::fp16, params.noise, params.noise_strength, params.layer_noise},
            params.noise_seed);
    }
    model::SynthesisOptions options;
    options.noise = params.noise;
    options.noise_strength = params.noise_strength;
    options.layer_noise = params.layer_noise;
    options.force_fp32 = precision != Precision::fp16;
    int layer = 0;
    options.random_noise = [&](std::int64_t, int height, int width) {
        return seeded_noise(params.noise_seed, layer++, height, width, params.noise_numbers);
    };
    return weights.generator.synthesis.forward(ws.to(weights.device), options);
}

// What Precision::model means where there is nothing to compare; else empty.
std::optional<Precision> Renderer::Impl::given_precision() const {
    if (!weights.device.is_cpu()) {
        return weights.generator.config.synthesis.num_fp16_res > 0 ? Precision::fp16 : Precision::fp32;
    }
    return ops::cpu_has_fast_bf16() && has_fast_way ? std::nullopt : std::optional(Precision::fp32);
}

BlockCosts& Renderer::Impl::block_costs(Precision precision) {
    std::optional<BlockCosts>& costs = precision == Precision::bf16 ? costs_bf16 : costs_fp32;
    if (!costs) {
        const int resolution = weights.generator.config.synthesis.img_resolution;
        costs = has_fast_way ? BlockCosts(model::block_resolutions(resolution)) : BlockCosts();
    }
    return *costs;
}

// Asking for one block more with the same ws computes just that block, so the costs come apart by themselves.
bool Renderer::Impl::time_next_block(Precision precision) {
    BlockCosts& costs = block_costs(precision);
    const std::optional<BlockCosts::Step> step = costs.next();
    if (!step) {
        return false;
    }
    FastSynthesis* way = fast(precision);
    const model::MappingConfig& config = weights.generator.config.mapping;
    const at::Tensor ws = at::full({1, config.num_ws, config.w_dim}, 0.1 * step->round - 0.2, at::kFloat);
    if (step->below > 0) {
        way->forward(ws, {}, step->below); // nothing to do, unless a picture came in between
    }
    const auto start = Clock::now();
    way->forward(ws, {}, step->resolution);
    costs.add(ms_since(start));
    return true;
}

bool Renderer::Impl::measure_next(Precision wanted) {
    if (wanted != Precision::model || chosen) {
        return time_next_block(wanted == Precision::model ? *chosen : wanted);
    }
    if (time_next_block(Precision::fp32) || time_next_block(Precision::bf16)) {
        return true;
    }
    const auto picture = [this](Precision precision) { return block_costs(precision).up_to_each().back(); };
    // Half the digits have to buy a fifth of the time.
    chosen = picture(Precision::bf16) * 1.2 < picture(Precision::fp32) ? Precision::bf16 : Precision::fp32;
    return false;
}

bool Renderer::measure_next_block(const RenderParams& params) {
    const c10::InferenceMode inference;
    return impl_->measure_next(params.precision);
}

std::vector<double> Renderer::block_ms(const RenderParams& params) {
    return impl_->block_costs(precision_so_far(params)).up_to_each();
}

int Renderer::preview_resolution(const RenderParams& params, double budget_ms) {
    const c10::InferenceMode inference;
    const Precision precision = precision_of(params);
    const BlockCosts& costs = impl_->block_costs(precision);
    while (!costs.decides(budget_ms)) {
        impl_->time_next_block(precision);
    }
    return std::min(costs.highest_within(budget_ms), model_->info().resolution);
}

Renderer::Renderer(std::shared_ptr<const LoadedModel> model)
    : model_(std::move(model)), impl_(std::make_unique<Impl>(model_->weights())) {}

Renderer::~Renderer() = default;

bool Renderer::same_shape(const LoadedModel& one, const LoadedModel& other) {
    const ModelInfo &a = one.info(), &b = other.info();
    return a.width == b.width && a.height == b.height && a.num_ws == b.num_ws && a.architecture == b.architecture &&
           a.parameters == b.parameters && one.weights().device == other.weights().device;
}

void Renderer::learn_from(const Renderer& other) {
    if (!same_shape(*model_, other.model())) {
        return;
    }
    impl_->chosen = other.impl_->chosen;
    impl_->costs_fp32 = other.impl_->costs_fp32;
    impl_->costs_bf16 = other.impl_->costs_bf16;
    impl_->device_frames = other.impl_->device_frames;
    const c10::InferenceMode inference;
    impl_->go_on_from(*other.impl_);
}

void Renderer::keep_device_frames() {
    if (!impl_->device_frames && !model_->weights().device.is_cpu())
        impl_->device_frames.emplace(make_device_memory());
}

std::shared_ptr<const DeviceBuffer> Renderer::take_device_frame() {
    return std::move(impl_->device_frame);
}

Precision Renderer::viewer_precision() {
    const c10::InferenceMode inference;
    while (!impl_->chosen) {
        impl_->measure_next(Precision::model);
    }
    return *impl_->chosen;
}

Precision Renderer::precision_of(const RenderParams& params) {
    return params.precision == Precision::model ? viewer_precision() : params.precision;
}

Precision Renderer::precision_so_far(const RenderParams& params) const {
    return params.precision == Precision::model ? impl_->chosen.value_or(Precision::fp32) : params.precision;
}

void Renderer::prepare(const RenderParams& params, int max_resolution) {
    const c10::InferenceMode inference;
    const Precision precision = precision_of(params);
    if (impl_->fast(precision) != nullptr) {
        impl_->synthesize(impl_->w_path.ws(params), params, precision, max_resolution);
    }
}

void Renderer::render(const RenderParams& params, PixelBuffer& out, StageTimes* times, int max_resolution) {
    const c10::InferenceMode inference;
    const Precision precision = precision_of(params);
    const bool cpu = model_->weights().device.is_cpu();
    if (precision == Precision::fp16 && cpu) {
        fail("Half precision (fp16) needs a GPU; on the CPU use fp32 or bf16.");
    }
    if (precision == Precision::bf16 && (!cpu || impl_->fast(precision) == nullptr)) {
        fail("bf16 is for models of the skip architecture on the CPU; use fp32{} here.", cpu ? "" : " or fp16");
    }
    auto start = Clock::now();
    const ops::OnQueue on(impl_->queue);
    const at::Tensor ws = impl_->w_path.ws(params);
    StageTimes measured;
    measured.map_ms = ms_since(start);

    start = Clock::now();
    const at::Tensor img = impl_->synthesize(ws, params, precision, max_resolution);
    measured.synth_ms = ms_since(start);

    start = Clock::now();
    impl_->device_frame.reset(); // back to the pool before another is taken
    impl_->device_frame = pack_rgba(img, out, impl_->device_frames ? &*impl_->device_frames : nullptr);
    out.ratio = model_->info().ratio;
    measured.pack_ms = ms_since(start);
    if (times != nullptr) {
        *times = measured;
    }
}

} // namespace atelier
