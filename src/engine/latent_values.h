// SPDX-License-Identifier: Apache-2.0
// What latents come to as numbers, for files that keep them. No torch here.
#pragma once

#include <vector>

#include "base/render_params.h"
#include "engine/loaded_model.h"

namespace atelier {

// z: z_dim numbers, which only a seed, a way between two seeds in z, or a z from a file has.
// w: w_dim numbers, before truncation, mixing and directions (num_ws rows of them where a w+ takes part).
// shown: num_ws rows of w_dim, after all of these: at psi 1 they give the same picture again.
enum class LatentForm { z, w, shown };

// One for each of `params`, float32; an empty one where a z was asked for and there is none. Runs on the calling
// thread. Throws Error for params that the model can't follow.
std::vector<ExplicitRef> latent_values(const LoadedModel& model, const std::vector<RenderParams>& params,
                                       LatentForm form);

} // namespace atelier
