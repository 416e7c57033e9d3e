// SPDX-License-Identifier: Apache-2.0
// How far two sets of pictures are apart, by features of each picture: rows of numbers from any network. Everything is
// computed in float64 on the CPU. With the features of Inception these are FID, KID, precision and recall, and IS; with
// those of another network they are not, and must not be called so.
#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace atelier::metrics {

// Of features [N,D], any floating type; N >= 1. mean [D] and covariance [D,D], divided by N, float64.
struct Moments {
    at::Tensor mean, covariance;
};
Moments moments_of(const at::Tensor& features);

// |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)), 0 or more (Heusel et al. 2017, eq. 6). It falls with the number of
// pictures: only values of as many are comparable.
double frechet_distance(const Moments& a, const Moments& b);

// The mean over subsets of the unbiased estimate of the squared maximum mean discrepancy with the kernel
// (x y / D + 1)^3 (Binkowski et al. 2018, section 3). Row i of each [S,m] int64 holds the rows of subset i; m >= 2.
double kernel_distance(const at::Tensor& a, const at::Tensor& b, const at::Tensor& subsets_a,
                       const at::Tensor& subsets_b);
// [subsets, size] rows of `count`, drawn without putting back within each; the same for the same seed.
at::Tensor drawn_subsets(std::int64_t count, std::int64_t size, std::int64_t subsets, std::uint32_t seed);

struct PrecisionRecall {
    double precision = 0; // the share of made pictures that lie among the real ones
    double recall = 0;    // the share of real pictures that lie among the made ones
};
// A picture lies among others when it is no further from one of them than that one's `neighbours`-th neighbour is
// (Kynkaanniemi et al. 2019, eq. 1 and 2). More pictures than `neighbours` on both sides.
PrecisionRecall precision_recall(const at::Tensor& real, const at::Tensor& made, int neighbours = 3);

struct InceptionScore {
    double mean = 0, deviation = 0; // over the splits; the deviation divided by their number
};
// Of class probabilities [N,K], cut into `splits` parts in order: exp of the mean Kullback-Leibler divergence from the
// part's mean (Salimans et al. 2016, section 4).
InceptionScore inception_score(const at::Tensor& probabilities, int splits = 10);

} // namespace atelier::metrics
