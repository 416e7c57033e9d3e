// SPDX-License-Identifier: Apache-2.0
// What goes wrong with small data sets, told in one sentence each: what happens and what to try.
#pragma once

#include <optional>
#include <string>

#include <ATen/core/Tensor.h>

#include "model/synthesis.h"

namespace atelier::train {

// Pictures [N,C,H,W] scaled to at most 32 px a side, float32: what the distance below looks at.
at::Tensor small_for_distance(const at::Tensor& pictures);

// Mean absolute difference between all pairs of pictures [N,C,H,W], N >= 2, at most 32 px a side, in their units.
double mean_pairwise_distance(const at::Tensor& pictures);

// Of the pictures of eight fixed seeds, 0 to 7, G_ema, without truncation.
inline constexpr int diverse_seeds = 8;
double diversity_of(const model::Generator& generator);

// pictures: uint8 [N,C,H,W], some of the data set; count: of all, before mirroring.
std::optional<std::string> judge_data(const at::Tensor& pictures, int count);

// r_t pinned at 1 while p is at its bound.
std::optional<std::string> judge_overfitting(double rt, double p, double p_max, bool augmented);

// diversity now against the most there has been in this run.
std::optional<std::string> judge_diversity(double now, double most);

} // namespace atelier::train
