// SPDX-License-Identifier: Apache-2.0
// The generators that are measured: four sizes with random weights, and the way into a Renderer without a file.
#pragma once

#include <memory>

#include "engine/loaded_model.h"
#include "model/synthesis.h"

namespace atelier::bench {

// 64 and 128: as bundled models (channel_base 2048 and 4096, channel_max 128, z and w 128, 4 mapping layers); 256 and
// 512: channel_base 16384 and 32768, channel_max 512, z and w 512, 8 mapping layers. Throws Error for another
// resolution.
model::GeneratorConfig bench_config(int resolution);

// The same random weights in every run; strengths of the noise and biases are not zero, as in a trained model.
model::Generator bench_generator(const model::GeneratorConfig& config);

// On the CPU, as if it came from a file.
std::shared_ptr<const LoadedModel> in_memory(model::Generator generator);

} // namespace atelier::bench
