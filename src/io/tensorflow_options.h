// SPDX-License-Identifier: Apache-2.0
// The options of a TensorFlow network as those of the public PyTorch code.
#pragma once

#include "io/tensorflow_names.h"

namespace atelier::io {

// Absent sizes stay absent, so that the tensors tell them; other absent options get TensorFlow's defaults, which differ
// from PyTorch's. Throw Error for options that aren't known or make no sense, naming them.
nlohmann::json generator_kwargs(const TensorFlowNetwork& network);
nlohmann::json discriminator_kwargs(const TensorFlowNetwork& network);

// Throws Error with both numbers when the options claim another size of the pictures, under any of the names for it.
void check_picture_size(const TensorFlowNetwork& network, int height, int width);

} // namespace atelier::io
