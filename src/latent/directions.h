// SPDX-License-Identifier: Apache-2.0
// Directions in W that a generator's pictures vary along: SeFa from its weights, GANSpace's from sampled w. Pure
// functions, deterministic for a given number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>

#include <ATen/core/Tensor.h>

#include "model/synthesis.h"

namespace atelier {

// Eigenvectors of a symmetric matrix, the largest eigenvalue first, of length 1, and with a sign that doesn't depend
// on the solver: the component of largest magnitude (the first of equals) is positive.
struct Components {
    at::Tensor vectors; // [count, w_dim] float64, CPU
    at::Tensor values;  // [count] float64, CPU: eigenvalues, never negative
};

// The first `count` (at most all) of a symmetric [n, n] float64. Throws Error for values that are no numbers.
Components leading_components(const at::Tensor& matrix, int count);

// SeFa (2007.06600, section 3.2, eq. 6): the unit vectors n that maximise |A n|^2 are the eigenvectors of A^T A. A
// holds, one below the other (section 3.3), the affine weights [channels, w_dim] of every convolution and ToRGB that
// read one of the w layers [first, last), a ToRGB sharing its w with the next block's first convolution. Each row of
// A is scaled to length 1 before, so that every channel has the same say however large its weights are; rows of
// zeros stay. Throws Error if there are no such layers.
Components sefa(const model::Generator& generator, int first, int last, int count);

// GANSpace (2004.02546, section 2.1): principal components of w = mapping(z) for `samples` z in the order of one
// stream, numpy's RandomState(seed).randn(samples, z_dim); of a conditional model, sample k is of class k mod c_dim.
// Mean and covariance (divided by samples - 1) are summed in float64, batch by batch; `values` are the variances.
// Empty when stopped. progress(done, samples) comes after each batch.
std::optional<Components> pca(const model::Generator& generator, int samples, std::uint32_t seed, int count,
                              const std::function<void(std::int64_t, std::int64_t)>& progress = {},
                              std::stop_token stop = {});

} // namespace atelier
