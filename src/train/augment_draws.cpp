// SPDX-License-Identifier: Apache-2.0
#include "train/augment_draws.h"

#include <cmath>

#include <ATen/ATen.h>

namespace atelier::train {
namespace {

float inverse_erf(float x) {
    return at::erfinv(at::scalar_tensor(x, at::kFloat)).item<float>();
}

float value_of(Law law, float draw, float range) {
    switch (law) {
    case Law::choice: return std::floor(draw * range);
    case Law::symmetric: return (draw * 2 - 1) * range;
    case Law::normal: return draw * range;
    case Law::half_normal: return std::abs(draw) * range;
    }
    return 0;
}

// The percentile q of a law. Gaussian ones use erfinv without its factor sqrt(2), as the recorded numbers do.
float percentile_of(Law law, float q, float range) {
    switch (law) {
    case Law::choice:
    case Law::symmetric: return value_of(law, q, range);
    case Law::normal: return inverse_erf(q * 2 - 1) * range;
    case Law::half_normal: return inverse_erf(q) * range;
    }
    return 0;
}

std::vector<std::int64_t> shape_of(std::int64_t n, at::IntArrayRef tail) {
    std::vector<std::int64_t> shape{n};
    shape.insert(shape.end(), tail.begin(), tail.end());
    return shape;
}

std::vector<float> to_vector(const at::Tensor& t) {
    const float* data = t.const_data_ptr<float>();
    return {data, data + t.numel()};
}

} // namespace

AugmentDraws::AugmentDraws(Random& random, std::int64_t n, float p, std::optional<double> percentile)
    : random_(random), n_(n), p_(p) {
    if (percentile) {
        percentile_ = static_cast<float>(*percentile);
    }
}

at::Tensor AugmentDraws::gate(std::size_t dims) {
    return random_.uniform(shape_of(n_, std::vector<std::int64_t>(dims, 1))).contiguous();
}

std::vector<float> AugmentDraws::values(Law law, double range, float chance, at::IntArrayRef tail) {
    const bool gaussian = law == Law::normal || law == Law::half_normal;
    const auto shape = shape_of(n_, tail);
    std::vector<float> values = to_vector((gaussian ? random_.normal(shape) : random_.uniform(shape)).contiguous());
    const std::vector<float> gates = to_vector(gate(tail.size()));
    const float size = static_cast<float>(range);
    const float fixed = percentile_ ? percentile_of(law, *percentile_, size) : 0;
    const std::size_t per_picture = values.size() / gates.size();
    for (std::size_t i = 0; i < values.size(); ++i) {
        const float drawn = gates[i / per_picture] < chance ? value_of(law, values[i], size) : 0;
        values[i] = percentile_ ? fixed : drawn;
    }
    return values;
}

std::vector<float> AugmentDraws::constant(double on, float chance, at::IntArrayRef tail) {
    std::vector<float> values = to_vector(gate(tail.size()));
    for (float& value : values) {
        value = percentile_ || value < chance ? static_cast<float>(on) : 0;
    }
    return values;
}

std::vector<float> AugmentDraws::uniform(at::IntArrayRef tail) {
    std::vector<float> values = to_vector(random_.uniform(shape_of(n_, tail)).contiguous());
    if (percentile_) {
        values.assign(values.size(), *percentile_);
    }
    return values;
}

at::Tensor AugmentDraws::normal_image(const at::Tensor& like) {
    return random_.normal(like.sizes()).to(like.options());
}

} // namespace atelier::train
