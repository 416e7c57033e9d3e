// SPDX-License-Identifier: Apache-2.0
// What happens to each picture of a batch: random values and the gates that let them through. Internal to augment.
#pragma once

#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "train/random.h"

namespace atelier::train {

// Distributions of a value of size `range`; u uniform in [0,1), g standard normal.
enum class Law {
    choice,     // floor(u * range)
    symmetric,  // (2u - 1) * range
    normal,     // g * range
    half_normal // |g| * range
};

// Lives for one batch of n pictures. Values are float32, like the draws, so that gates fall as recorded.
class AugmentDraws {
public:
    AugmentDraws(Random& random, std::int64_t n, float p, std::optional<double> percentile);

    // Values [n, tail...] flat: drawn by `law` where the picture's gate is below `chance`, else 0. The gate is drawn
    // after the values, with the shape [n, 1...] of as many dimensions. At a debug percentile all of them are that
    // percentile of the law.
    std::vector<float> values(Law law, double range, float chance, at::IntArrayRef tail = {});
    // As values, but `on` where the gate is open, without a value drawn; always on at a debug percentile.
    std::vector<float> constant(double on, float chance, at::IntArrayRef tail);
    // Uniform, not gated; the percentile itself at a debug percentile. [n, tail...] flat.
    std::vector<float> uniform(at::IntArrayRef tail);
    at::Tensor normal_image(const at::Tensor& like);

    float chance(double multiplier) const { return static_cast<float>(multiplier) * p_; }
    bool debug() const { return percentile_.has_value(); }
    std::int64_t n() const { return n_; }

private:
    at::Tensor gate(std::size_t dims);

    Random& random_;
    std::int64_t n_;
    float p_;
    std::optional<float> percentile_;
};

} // namespace atelier::train
