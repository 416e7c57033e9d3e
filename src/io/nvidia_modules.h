// SPDX-License-Identifier: Apache-2.0
// The modules of a network of the public PyTorch code, from its tensors' names and its options: which class each is of,
// and the plain values that its forward() asks for. Both code bases' values, since a file of ours is for either.
#pragma once

#include <string>
#include <vector>

#include "io/checkpoint.h"

namespace atelier::io {

struct NvidiaModule {
    std::string name; // within its parent; empty for the network itself
    std::string class_name;
    nlohmann::ordered_json attributes;
    std::vector<const NamedTensor*> tensors; // its own: "weight", "bias", ...; of the network's data
    std::vector<NvidiaModule> children;
};

// Of a network whose init_kwargs are complete, as model::to_network_data gives them. `network` must outlive the result.
// Throws Error, without a path, for names or options that no such network has.
NvidiaModule nvidia_modules(const NetworkData& network);

} // namespace atelier::io
