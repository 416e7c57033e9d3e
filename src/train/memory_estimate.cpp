// SPDX-License-Identifier: Apache-2.0
#include "train/memory_estimate.h"

#include <algorithm>

namespace atelier::train {
namespace {

// Found as the header says.
constexpr double activation_copies = 6; // of every layer's outcome, kept for the gradients or made on the way
constexpr double picture_copies = 250;  // of a picture that is augmented: reflected to 3 times its side, at twice that
constexpr double plain_copies = 20;     // of one that isn't
constexpr double weight_copies = 6;     // gradients, two moments, and what is made of weights on the way
constexpr double step_bytes = 100e6;    // buffers whose size hardly changes

double squared(int x) {
    return static_cast<double>(x) * x;
}

double pixels_of(int resolution, const model::FirstBlock& first) {
    return static_cast<double>(first.height_at(resolution)) * first.width_at(resolution);
}

double values_of(int resolution, const model::FirstBlock& first, const model::Channels& channels) {
    return pixels_of(resolution, first) * channels.at(resolution);
}

// Bytes of one value: half of them from the first resolution in half precision.
double width_of(int resolution, int whole, int num_fp16_res, bool fp32) {
    const bool half = !fp32 && num_fp16_res > 0 && resolution >= model::fp16_resolution(whole, num_fp16_res);
    return half ? 2 : 4;
}

double weights_of(const model::GeneratorConfig& g) {
    const model::SynthesisConfig& s = g.synthesis;
    double sum = squared(s.w_dim) * g.mapping.num_layers;
    for (const int resolution : model::block_resolutions(s.img_resolution)) {
        const double out = s.channels.at(resolution);
        const double in = resolution == 4 ? 0 : s.channels.at(resolution / 2);
        sum += 9 * out * (in + out) + s.w_dim * (in + 2 * out);
    }
    return sum;
}

double weights_of(const model::DiscriminatorConfig& d) {
    const double last = d.channels.at(4);
    double sum = (9 + pixels_of(4, d.first_block) + 1) * last * last;
    for (const int resolution : model::block_resolutions(d.img_resolution)) {
        if (resolution > 4) {
            const double in = d.channels.at(resolution), out = d.channels.at(resolution / 2);
            sum += 9 * in * (in + out) + in * out;
        }
    }
    return sum;
}

bool may_be_round(int pictures, int batch, int largest, std::optional<int> group) {
    return batch % pictures == 0 && pictures % std::min(group.value_or(largest), largest) == 0;
}

} // namespace

MemoryEstimate estimate_memory(const model::GeneratorConfig& g, const model::DiscriminatorConfig& d, bool fp32,
                               bool augmented) {
    MemoryEstimate estimate;
    estimate.fixed = step_bytes + weight_copies * sizeof(float) * (weights_of(g) + weights_of(d));
    const double pixels = pixels_of(d.img_resolution, d.first_block) * d.img_channels;
    estimate.picture = (augmented ? picture_copies : plain_copies) * sizeof(float) * pixels;
    for (const int resolution : model::block_resolutions(d.img_resolution)) {
        const model::SynthesisConfig& s = g.synthesis;
        const double of_g = width_of(resolution, s.img_resolution, s.num_fp16_res, fp32);
        const double of_d = width_of(resolution, d.img_resolution, d.num_fp16_res, fp32);
        estimate.picture += activation_copies * (of_g * values_of(resolution, s.first_block, s.channels) +
                                                 of_d * values_of(resolution, d.first_block, d.channels));
    }
    return estimate;
}

std::optional<int> fitting_round(const MemoryEstimate& estimate, int batch, int largest, std::optional<int> group,
                                 double free) {
    for (int pictures = largest; pictures >= 1; --pictures) {
        if (may_be_round(pictures, batch, largest, group) && estimate.round(pictures) <= free) {
            return pictures;
        }
    }
    return std::nullopt;
}

int smallest_round(int batch, int largest, std::optional<int> group) {
    int pictures = 1;
    while (pictures < largest && !may_be_round(pictures, batch, largest, group)) {
        ++pictures;
    }
    return pictures;
}

} // namespace atelier::train
