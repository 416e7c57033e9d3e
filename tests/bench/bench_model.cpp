// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_model.h"

#include <ATen/Context.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>
#include <fmt/format.h>

#include "base/error.h"
#include "engine/weights.h"

namespace atelier::bench {

model::GeneratorConfig bench_config(int resolution) {
    model::GeneratorConfig config;
    config.synthesis.img_resolution = resolution;
    switch (resolution) {
    case 64:
    case 128:
        config.mapping.z_dim = config.mapping.w_dim = config.synthesis.w_dim = 128;
        config.mapping.num_layers = 4;
        config.synthesis.channels = {32 * resolution, 128, {}};
        break;
    case 256: config.synthesis.channels = {16384, 512, {}}; break;
    case 512: config.synthesis.channels = {32768, 512, {}}; break;
    default: fail("No generator of {0}x{0} pictures is measured; there are 64, 128, 256 and 512.", resolution);
    }
    return config;
}

model::Generator bench_generator(const model::GeneratorConfig& config) {
    at::manual_seed(20);
    const model::TensorSource random = model::random_source();
    return {config, [&](const std::string& name, at::IntArrayRef shape, bool buffer, const model::Init& init) {
                model::Parameter parameter = random(name, shape, buffer, init);
                if (name.ends_with("noise_strength")) {
                    parameter.value = at::rand(shape, at::kFloat) * 0.2 + 0.05;
                } else if (name.ends_with(".bias") && !name.starts_with("mapping.")) {
                    parameter.value = parameter.value + at::randn(shape, at::kFloat) * 0.1;
                }
                return parameter;
            }};
}

std::shared_ptr<const LoadedModel> in_memory(model::Generator generator) {
    const int resolution = generator.config.synthesis.img_resolution;
    return make_loaded_model(generator, fmt::format("random {}", resolution), 0);
}

} // namespace atelier::bench
