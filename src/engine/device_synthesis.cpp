// SPDX-License-Identifier: Apache-2.0
#include "engine/device_synthesis.h"

#include <algorithm>
#include <cstring>

#include <ATen/ops/empty.h>
#include <c10/util/Exception.h>

#include "base/error.h"
#include "ops/seeded_noise.h"

#ifdef ATELIER_WITH_CUDA
#include "ops/cuda/seeded_noise.h"
#include "ops/device_runner.h"
#endif

namespace atelier {

DeviceSynthesis::DeviceSynthesis(const model::Generator& generator, c10::Device device,
                                 std::shared_ptr<GraphCalls> calls)
    : generator_(generator), device_(device), graphs_(std::move(calls)) {
    const model::MappingConfig& config = generator.config.mapping;
    const std::int64_t numbers = std::int64_t{config.num_ws} * config.w_dim + 1;
    const auto options = at::TensorOptions().dtype(at::kFloat);
    staged_ = at::empty({numbers}, options.pinned_memory(device.is_cuda()));
    input_ = at::empty({numbers}, options.device(device));
}

void DeviceSynthesis::upload(const at::Tensor& ws, std::uint32_t seed) {
    const std::int64_t numbers = staged_.numel() - 1;
    if (ws.numel() != numbers || !ws.device().is_cpu())
        fail("ws has to be {} numbers on the CPU.", numbers);
    const at::Tensor from = ws.to(at::kFloat).contiguous();
    uploaded_.finish(); // as a rule long ago
    auto* to = staged_.mutable_data_ptr<float>();
    std::copy_n(from.const_data_ptr<float>(), numbers, to);
    std::memcpy(to + numbers, &seed, sizeof seed);
    input_.copy_(staged_, true);
    uploaded_ = ops::DeviceMark::of(device_);
}

at::Tensor DeviceSynthesis::noise_of(const at::Tensor& seed, int layer, std::int64_t count) {
    const at::Tensor out = at::empty({count}, seed.options().dtype(at::kFloat));
    const auto key = static_cast<std::uint32_t>(layer);
#ifdef ATELIER_WITH_CUDA
    if (seed.is_cuda()) {
        ops::DeviceRunner::run(out, [&](kernels::Stream stream) {
            return kernels::seeded_noise(static_cast<const std::uint32_t*>(seed.const_data_ptr()), key,
                                         out.mutable_data_ptr<float>(), count, stream);
        });
        return out;
    }
#endif
    std::uint32_t number = 0;
    std::memcpy(&number, seed.const_data_ptr(), sizeof number);
    ops::seeded_noise(number, key, out.mutable_data_ptr<float>(), count);
    return out;
}

at::Tensor DeviceSynthesis::draw(const PictureGraphs::Key& key) const {
    const model::MappingConfig& config = generator_.config.mapping;
    model::SynthesisOptions options;
    options.noise = key.noise;
    options.noise_strength = key.strength;
    options.layer_noise = key.by_layer;
    options.force_fp32 = !key.half;
    int layer = 0;
    const at::Tensor seed = input_.slice(0, input_.numel() - 1);
    options.random_noise = [&](std::int64_t, int height, int width) {
        return noise_of(seed, layer++, std::int64_t{height} * width).view({1, 1, height, width});
    };
    return generator_.synthesis.forward(input_.slice(0, 0, input_.numel() - 1).view({1, config.num_ws, config.w_dim}),
                                        options);
}

at::Tensor DeviceSynthesis::forward(const at::Tensor& ws, const PictureGraphs::Key& key, std::uint32_t seed) {
    upload(ws, seed);
    try {
        return graphs_.picture(key, [&] { return draw(key); });
    } catch (const c10::OutOfMemoryError&) {
        graphs_.clear();
        ops::give_back_memory(device_);
    }
    try {
        return graphs_.picture(key, [&] { return draw(key); });
    } catch (const c10::OutOfMemoryError&) {
        fail("The GPU has too little memory left for a picture of this model; stop what else uses it (a training run, "
             "another program), or start with --device cpu.");
    }
}

} // namespace atelier
