// SPDX-License-Identifier: Apache-2.0
// Seeds, blends, truncation and mixing as small tensors: pure functions between RenderParams and the networks.
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

#include "base/render_params.h"
#include "model/mapping.h"

namespace atelier {

// z of one seed: numpy's RandomState(seed).randn(1, z_dim), float64 [1,z_dim].
at::Tensor z_of_seed(std::uint32_t seed, int z_dim);

// On the great circle through a and b at t (Shoemake 1985), with the length interpolated linearly; falls back to the
// line for (nearly) parallel vectors. float64 [1,z_dim].
at::Tensor slerp(const at::Tensor& a, const at::Tensor& b, double t);

// z of one term of a blend: a seed, or the slerp between two.
at::Tensor z_of_term(const LatentTerm& term, int z_dim);

// [1,c_dim] float32: the label's numbers, or one-hot of the class where there is none; undefined if c_dim is 0. Throws
// Error for a class that the model doesn't have and for a label of another size.
at::Tensor class_condition(int class_index, const ExplicitRef& label, int c_dim);

} // namespace atelier
