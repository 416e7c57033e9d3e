// SPDX-License-Identifier: Apache-2.0
#include "train/augment.h"

#include <ATen/ATen.h>

#include "base/error.h"
#include "ops/upfirdn2d.h"
#include "train/augment_draws.h"
#include "train/augment_stages.h"

namespace atelier::train {
namespace {

// The low-pass of the symlet wavelet with six vanishing moments (Daubechies, Ten Lectures on Wavelets, table 6.3).
at::Tensor symlet6() {
    return at::tensor({0.015404109327027373, 0.0034907120842174702, -0.11799011114819057, -0.048311742585633,
                       0.4910559419267466, 0.787641141030194, 0.3379294217276218, -0.07263752278646252,
                       -0.021060292512300564, 0.04472490177066578, 0.0017677118642428036, -0.007800708325034148},
                      at::kDouble);
}

void check(const at::Tensor& images) {
    if (images.dim() != 4 || images.size(1) < 1 || images.size(1) > 4 || !images.is_floating_point()) {
        fail("Augmentation takes floating-point pictures of 1 to 4 channels in a batch, not {} dimensions with {} "
             "channels.",
             images.dim(), images.dim() > 1 ? images.size(1) : 0);
    }
}

} // namespace

AugmentPipe::AugmentPipe(const AugmentStrengths& strengths)
    : strengths_(strengths), geometry_filter_(ops::setup_filter(symlet6())) {}

at::Tensor AugmentPipe::filter_bank() const {
    const FilterBank& bank = wavelet_bank();
    std::vector<double> flat;
    for (const auto& band : bank) {
        flat.insert(flat.end(), band.begin(), band.end());
    }
    return at::tensor(at::ArrayRef<double>(flat), at::kDouble)
        .reshape({static_cast<std::int64_t>(bank.size()), static_cast<std::int64_t>(bank[0].size())})
        .to(at::kFloat);
}

at::Tensor AugmentPipe::forward(const at::Tensor& images, double p, Random& random,
                                std::optional<double> debug_percentile) const {
    check(images);
    AugmentDraws draws(random, images.size(0), static_cast<float>(p), debug_percentile);
    at::Tensor y = augment_geometry(images, strengths_, draws, geometry_filter_);
    y = augment_color(y, strengths_, draws);
    y = augment_bands(y, strengths_, draws);
    y = augment_noise(y, strengths_, draws);
    return augment_cutout(y, strengths_, draws);
}

} // namespace atelier::train
