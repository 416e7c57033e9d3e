// SPDX-License-Identifier: Apache-2.0
// Stored options against tensors: where both say a size, a number of blocks or of channels, they have to agree. A file
// in which they don't is damaged, or of a kind that isn't known, and its pictures would be wrong. Internal to model.
#pragma once

#include <initializer_list>
#include <string>

#include "io/checkpoint.h"
#include "model/config.h"

namespace atelier::model {

// `config` is what the tensors say; `sides` are the pixels that img_resolution may name. Throw Error with both numbers.
void refuse_contradictions(const io::NetworkData& data, const GeneratorConfig& config, const std::string& what,
                           std::initializer_list<int> sides);
void refuse_contradictions(const io::NetworkData& data, const DiscriminatorConfig& config, const std::string& what,
                           std::initializer_list<int> sides);

} // namespace atelier::model
