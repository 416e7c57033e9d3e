// SPDX-License-Identifier: Apache-2.0
#include "train/guard.h"

#include <algorithm>

#include <fmt/format.h>

#include "train/grid.h"

namespace atelier::train {
namespace {

constexpr int few_pictures = 20;
constexpr double alike = 0.04;            // of the range of a picture; unlike portraits differ by 0.15 and more
constexpr double collapsed_share = 0.2;   // of the most diversity so far
constexpr double diversity_needed = 0.05; // before a collapse can be spoken of, in units of -1..1

} // namespace

at::Tensor small_for_distance(const at::Tensor& pictures) {
    const at::Tensor x = pictures.to(at::kFloat);
    return x.size(2) > 32 ? at::adaptive_avg_pool2d(x, {32, 32}) : x;
}

double mean_pairwise_distance(const at::Tensor& pictures) {
    const auto n = pictures.size(0);
    if (n < 2) {
        return 0;
    }
    const at::Tensor x = small_for_distance(pictures).reshape({n, -1});
    double sum = 0;
    for (std::int64_t i = 0; i + 1 < n; ++i) {
        sum += (x.slice(0, i + 1) - x[i]).abs().mean(at::IntArrayRef{1}).sum().item<double>();
    }
    return sum * 2 / (static_cast<double>(n) * static_cast<double>(n - 1));
}

double diversity_of(const model::Generator& generator) {
    return mean_pairwise_distance(made_by_seeds(generator, 0, diverse_seeds, {}).clamp(-1, 1));
}

std::optional<std::string> judge_data(const at::Tensor& pictures, int count) {
    if (count < few_pictures) {
        return fmt::format("Only {} pictures: the model will learn them by heart; add more, or keep the training "
                           "short, start from a model of the same kind and mirror.",
                           count);
    }
    if (mean_pairwise_distance(pictures.to(at::kFloat) / 255) < alike) {
        return "The pictures are nearly all alike, so there is little to learn from; look for duplicates in the data "
               "set.";
    }
    return std::nullopt;
}

std::optional<std::string> judge_overfitting(double rt, double p, double p_max, bool augmented) {
    if (!(rt > 0.95)) {
        return std::nullopt;
    }
    if (!augmented) {
        return "D tells every training picture from a made one (r_t near 1) and nothing holds it back: switch "
               "augmentation on, or stop here.";
    }
    if (p >= p_max) {
        return "D has learned the training pictures by heart (r_t near 1 with p at its bound): add pictures, mirror "
               "them, raise gamma, or go back to an earlier snapshot.";
    }
    return std::nullopt;
}

std::optional<std::string> judge_diversity(double now, double most) {
    if (most < diversity_needed || now >= collapsed_share * most) {
        return std::nullopt;
    }
    return fmt::format("The model's pictures have become alike ({:.0f} % of the variety there was): go back to an "
                       "earlier snapshot and raise gamma or lower the learning rate.",
                       100 * now / most);
}

} // namespace atelier::train
