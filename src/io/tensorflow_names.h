// SPDX-License-Identifier: Apache-2.0
// From the variables of a TensorFlow network to the tensors of the public PyTorch code.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "io/checkpoint.h"

namespace atelier::io {

struct TensorFlowNetwork {
    std::int64_t version = 0;                    // 4: StyleGAN2, 5: StyleGAN2-ADA
    nlohmann::json options;                      // static_kwargs
    std::map<std::string, at::Tensor> variables; // "synthesis/4x4/Conv/weight"; parts before a slash name the component
};

bool is_discriminator(const TensorFlowNetwork& network);

// Throw Error, without the network's name, for variables that no layer has and options that aren't known. Counters of a
// run (single numbers) are named in `left_out` instead.
NetworkData convert_generator(const TensorFlowNetwork& network, std::vector<std::string>& left_out);
NetworkData convert_discriminator(const TensorFlowNetwork& network, std::vector<std::string>& left_out);

} // namespace atelier::io
