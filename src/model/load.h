// SPDX-License-Identifier: Apache-2.0
// Networks from the inert data of a model file, and back to such data for saving.
#pragma once

#include <string>
#include <vector>

#include "io/checkpoint.h"
#include "model/discriminator.h"
#include "model/synthesis.h"

namespace atelier::model {

// `what` begins every message ("<file>: G_ema"). Tensors are widened to float32; a missing resample_filter is rebuilt
// from the options; names that no layer asks for become a warning. Throws Error if a tensor is missing or has another
// shape than the network needs.
Generator load_generator(const io::NetworkData& data, const std::string& what, std::vector<std::string>& warnings);
Discriminator load_discriminator(const io::NetworkData& data, const std::string& what,
                                 std::vector<std::string>& warnings);

io::NetworkData to_network_data(const Generator& generator);
io::NetworkData to_network_data(const Discriminator& discriminator);

} // namespace atelier::model
