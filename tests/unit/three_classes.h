// SPDX-License-Identifier: Apache-2.0
// A small model of three classes, and labels for it.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "engine/loaded_model.h"
#include "engine/weights.h"

namespace atelier::test {

inline std::shared_ptr<const LoadedModel> three_classes() {
    at::manual_seed(4);
    model::GeneratorConfig config;
    config.mapping.z_dim = config.mapping.w_dim = config.synthesis.w_dim = 16;
    config.mapping.c_dim = 3;
    config.mapping.num_layers = 2;
    config.synthesis.img_resolution = 8;
    config.synthesis.channels = {64, 8, {}};
    return make_loaded_model({config, model::random_source()}, "three", 0);
}

inline ExplicitRef label(std::vector<float> numbers) {
    ExplicitLatent out;
    out.values = std::move(numbers);
    return {std::make_shared<const ExplicitLatent>(std::move(out))};
}

} // namespace atelier::test
