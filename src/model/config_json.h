// SPDX-License-Identifier: Apache-2.0
// Configs from what a file holds (sizes from tensor shapes, options from stored arguments) and back to arguments.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "io/checkpoint.h"
#include "model/config.h"

namespace atelier::model {

// Sizes come from the tensors, so they always match; stored sizes that contradict them become warnings. Throws Error,
// beginning with `what` ("<file>: G_ema"), if the tensors are no such network.
GeneratorConfig generator_config(const io::NetworkData& data, const std::string& what,
                                 std::vector<std::string>& warnings);
// generator: its first block, where it is known; a discriminator's tensors tell only how many pixels that has.
DiscriminatorConfig discriminator_config(const io::NetworkData& data, const std::string& what,
                                         std::vector<std::string>& warnings, const FirstBlock* generator = nullptr);

// From constructor arguments alone, as a training run gives them ({"z_dim":..., "synthesis_kwargs":{...}, ...}).
GeneratorConfig generator_config_from_kwargs(const nlohmann::json& kwargs, const std::string& what);
DiscriminatorConfig discriminator_config_from_kwargs(const nlohmann::json& kwargs, const std::string& what);

nlohmann::json to_kwargs(const GeneratorConfig& config);
nlohmann::json to_kwargs(const DiscriminatorConfig& config);

} // namespace atelier::model
