// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <vector>

#include <ATen/ATen.h>

#include "train/augment_stages.h"

namespace atelier::train {
namespace {

// [n, size]: whether a pixel lies outside the hole along one axis. In float32, so that the hole's edges fall as
// recorded. centers: x and y of each picture, 0..1.
at::Tensor outside(std::int64_t size, const std::vector<float>& holes, const std::vector<float>& centers,
                   std::size_t axis) {
    const at::Tensor result = at::empty({static_cast<std::int64_t>(holes.size()), size}, at::kBool);
    bool* out = result.data_ptr<bool>();
    for (std::size_t i = 0; i < holes.size(); ++i) {
        for (std::int64_t k = 0; k < size; ++k) {
            const float place = (static_cast<float>(k) + 0.5F) / static_cast<float>(size);
            *out++ = std::abs(place - centers[2 * i + axis]) >= holes[i] / 2;
        }
    }
    return result;
}

} // namespace

at::Tensor augment_noise(const at::Tensor& images, const AugmentStrengths& s, AugmentDraws& draws) {
    if (!(s.noise > 0)) {
        return images;
    }
    const auto sigma = draws.values(Law::half_normal, s.noise_std, draws.chance(s.noise), {1, 1, 1});
    const at::Tensor noise = draws.normal_image(images);
    return images + noise * at::tensor(at::ArrayRef<float>(sigma)).reshape({-1, 1, 1, 1}).to(images.options());
}

at::Tensor augment_cutout(const at::Tensor& images, const AugmentStrengths& s, AugmentDraws& draws) {
    if (!(s.cutout > 0)) {
        return images;
    }
    const auto holes = draws.constant(s.cutout_size, draws.chance(s.cutout), {1, 1, 1, 1});
    const auto centers = draws.uniform({2, 1, 1, 1});
    const std::int64_t n = images.size(0), height = images.size(2), width = images.size(3);
    const at::Tensor x = outside(width, holes, centers, 0).to(images.device()).reshape({n, 1, 1, width});
    const at::Tensor y = outside(height, holes, centers, 1).to(images.device()).reshape({n, 1, height, 1});
    return images * at::logical_or(x, y).to(images.scalar_type());
}

} // namespace atelier::train
