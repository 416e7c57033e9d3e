// SPDX-License-Identifier: Apache-2.0
#include "latent/latent_ops.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "latent/numpy_random.h"

namespace atelier {

at::Tensor z_of_seed(std::uint32_t seed, int z_dim) {
    NumpyRandom random(seed);
    const auto values = random.randn(static_cast<std::size_t>(z_dim));
    return at::tensor(at::ArrayRef<double>(values), at::kDouble).unsqueeze(0);
}

at::Tensor slerp(const at::Tensor& a, const at::Tensor& b, double t) {
    const double length_a = a.norm().item<double>(), length_b = b.norm().item<double>();
    if (length_a == 0 || length_b == 0) {
        return a.lerp(b, t);
    }
    const at::Tensor unit_a = a / length_a, unit_b = b / length_b;
    const double cosine = std::clamp((unit_a * unit_b).sum().item<double>(), -1.0, 1.0);
    const double angle = std::acos(cosine);
    if (std::sin(angle) < 1e-6) {
        return a.lerp(b, t);
    }
    const at::Tensor direction =
        unit_a * (std::sin((1 - t) * angle) / std::sin(angle)) + unit_b * (std::sin(t * angle) / std::sin(angle));
    return direction * (length_a + (length_b - length_a) * t);
}

at::Tensor z_of_term(const LatentTerm& term, int z_dim) {
    const at::Tensor a = z_of_seed(term.seed_a, z_dim);
    return term.t == 0 || term.seed_a == term.seed_b ? a : slerp(a, z_of_seed(term.seed_b, z_dim), term.t);
}

at::Tensor class_condition(int class_index, const ExplicitRef& label, int c_dim) {
    if (c_dim == 0) {
        return {};
    }
    if (label) {
        if (label->values.size() != static_cast<std::size_t>(c_dim)) {
            fail("A label of {} numbers doesn't fit this model, whose labels have {}.", label->values.size(), c_dim);
        }
        return at::tensor(label->values, at::kFloat).unsqueeze(0);
    }
    if (class_index < 0 || class_index >= c_dim) {
        fail("Class {} does not exist: this model has the classes 0 to {}.", class_index, c_dim - 1);
    }
    at::Tensor c = at::zeros({1, c_dim}, at::kFloat);
    c[0][class_index] = 1;
    return c;
}

} // namespace atelier
