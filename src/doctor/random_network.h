// SPDX-License-Identifier: Apache-2.0
// Networks with random weights, as the doctor tries them: every term counts. Internal to doctor (torch).
#pragma once

#include <cmath>

#include <ATen/ATen.h>

#include "model/synthesis.h"

namespace atelier::doctor {

// channel_base as in published models of that size; `small`: an eighth of it.
inline model::GeneratorConfig network_config(int resolution, bool small) {
    model::GeneratorConfig config;
    config.synthesis.img_resolution = resolution;
    config.synthesis.channels = {small ? 2048 : resolution <= 256 ? 16384 : 32768, small ? 64 : 512, {}};
    config.mapping.z_dim = config.mapping.w_dim = config.synthesis.w_dim = small ? 64 : 512;
    config.mapping.num_layers = small ? 2 : 8;
    return config;
}

// The same weights each time.
inline model::Generator random_network(const model::GeneratorConfig& config) {
    at::manual_seed(21);
    const model::TensorSource random = model::random_source();
    return {config, [&](const std::string& name, at::IntArrayRef shape, bool buffer, const model::Init& init) {
                model::Parameter parameter = random(name, shape, buffer, init);
                if (name.ends_with("noise_strength"))
                    parameter.value = at::full(shape, 0.1, at::kFloat);
                return parameter;
            }};
}

} // namespace atelier::doctor
