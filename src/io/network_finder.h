// SPDX-License-Identifier: Apache-2.0
// Networks found by the names of their tensors, under any prefix: "module.", "G_ema.", {"state_dict": ...}.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/network_tree.h"

namespace atelier::io {

enum class NetworkKind {
    generator,                // the public code's: synthesis.b4.const, mapping.fc0.weight
    discriminator,            // b4.out.weight
    rosinality_generator,     // style.1.weight, convs.0.conv.weight
    rosinality_discriminator, // convs.1.conv1.0.weight, final_linear.1.weight
    augment_pipe,
    stylegan3 // synthesis.input.freqs: found so that it can be refused by name
};

struct FoundNetwork {
    NetworkKind kind = NetworkKind::generator;
    std::string prefix;                  // of its tensors' names, with the dot; may be empty
    std::string name;                    // "G_ema", "G", "D", "augment_pipe"; empty: one of several, left out
    const PickleValue* module = nullptr; // where the file holds a whole module, not just tensors
};

// In the file's order. Each name is given once: what is called ema is G_ema, a lone generator too.
std::vector<FoundNetwork> find_networks(const NetworkTree& tree);

// Whether a name, without the network's prefix, is one of such a network's.
bool belongs(NetworkKind kind, std::string_view relative);

// The topmost parts of the file that hold tensors, or modules, of no found network: "D (pg_modules.discriminator.
// ProjectedDiscriminator)". Tensors that are single numbers don't count.
std::vector<std::string> parts_left_out(const NetworkTree& tree, const std::vector<FoundNetwork>& found);

} // namespace atelier::io
