// SPDX-License-Identifier: Apache-2.0
// Latents in files: .npy, .npz and .safetensors, in and out, and .pt, in. No torch.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/render_params.h"

namespace atelier {

struct NamedLatent {
    std::string name;
    ExplicitRef latent;
    bool operator==(const NamedLatent&) const = default;
};

// Reads z [z_dim] or [N,z_dim], w [w_dim], [N,w_dim] or [N,1,w_dim], and w+ [num_ws,w_dim] or [N,num_ws,w_dim] of
// floating-point numbers. What an array holds is decided
//  1. by its key: "z" is z, "w" is w (or w+, as in the public projector's projected_w.npz, if it has three
//     dimensions), "ws" is w+; if a file has one of these keys, its other arrays are passed over;
//  2. else by the file's safetensors metadata "space": "z" or "w";
//  3. else by shape; it is w where z_dim == w_dim, and [num_ws,w_dim] is one w+ rather than num_ws w.
// Names come from the file if save_latents put them there, else from the file's name, key and row.
// Throws Error, one sentence that begins with the path, for anything that doesn't fit such a model, for numbers that
// are none (as float32), and for more than 100000 latents.
std::vector<NamedLatent> load_latents(const std::filesystem::path& path, int z_dim, int w_dim, int num_ws);

// Whether a file is one of latents rather than a model: .npy and .npz by their names, .safetensors and .pt by the names
// of their tensors: no generator's, but "z", "w" or "ws", or at most four of any (a lone tensor has none). False for
// all else, and for what can't be read.
bool holds_latents(const std::filesystem::path& path);

// By the name's ending: .safetensors and .npz hold "z" [N,z_dim], "w" [N,w_dim] and "ws" [N,num_ws,w_dim], as many of
// them as there are kinds, float32, and the names; load_latents gives the z first, then the w, then the w+. .npy holds
// one array, [N,1,w_dim] or [N,num_ws,w_dim], and no names; so one kind, and not z, which it couldn't tell from w.
// Atomic. Throws Error, one sentence that begins with the path.
void save_latents(const std::filesystem::path& path, const std::vector<NamedLatent>& latents);

} // namespace atelier
