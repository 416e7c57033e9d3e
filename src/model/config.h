// SPDX-License-Identifier: Apache-2.0
// What a network is made of: plain options under the names of the public checkpoints' constructor arguments.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ops/bias_act.h"

namespace atelier::model {

constexpr int largest_resolution = 4096; // px a side

enum class Architecture { orig, skip, resnet };

const char* architecture_name(Architecture architecture);

// Channels at a resolution: min(base / resolution, max), unless a file's own shapes say otherwise.
struct Channels {
    int base = 32768;
    int max = 512;
    std::map<int, int> exceptions; // resolution -> channels
    int at(int resolution) const;
    bool operator==(const Channels&) const = default;
};

// Blocks are named after the sides that they have in a square network: b4, b8, ... The first one's pixels are those of
// its constant, 4 x 4 in square networks; each further one doubles both sides.
struct FirstBlock {
    int height = 4, width = 4;
    int height_at(int resolution) const { return resolution / 4 * height; } // resolution: 4, 8, ..., a block's name
    int width_at(int resolution) const { return resolution / 4 * width; }
    bool usual() const { return height == 4 && width == 4; }
    bool operator==(const FirstBlock&) const = default;
};

struct MappingConfig {
    int z_dim = 512;
    int c_dim = 0;
    int w_dim = 512;
    int num_ws = 0; // 0: no broadcast (the discriminator's mapping)
    int num_layers = 8;
    int embed_features = 0; // 0: w_dim
    int layer_features = 0; // 0: w_dim
    ops::Activation activation = ops::Activation::lrelu;
    double lr_multiplier = 0.01;
    std::optional<double> w_avg_beta = 0.995; // none: no w_avg is kept
};

struct SynthesisConfig {
    int w_dim = 512;
    int img_resolution = 0;   // the last block's name; of square networks the pixels a side
    FirstBlock first_block{}; // its pixels, and so those of all others
    int img_channels = 3;     // 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA
    Channels channels;
    int num_fp16_res = 0;
    Architecture architecture = Architecture::skip;
    ops::Activation activation = ops::Activation::lrelu;
    std::vector<double> resample_filter{1, 3, 3, 1};
    std::optional<double> conv_clamp;
    bool use_noise = true;
    bool fp16_channels_last = false;

    int height() const { return first_block.height_at(img_resolution); } // of pictures, px
    int width() const { return first_block.width_at(img_resolution); }
};

struct GeneratorConfig {
    MappingConfig mapping;
    SynthesisConfig synthesis;
};

struct DiscriminatorConfig {
    int c_dim = 0;
    int img_resolution = 0; // as the generator's
    FirstBlock first_block{};
    int img_channels = 3;
    Architecture architecture = Architecture::resnet;
    Channels channels;
    int num_fp16_res = 0;
    std::optional<double> conv_clamp;
    int cmap_dim = -1; // -1: channels at 4x4 when conditional, otherwise 0
    ops::Activation activation = ops::Activation::lrelu;
    ops::Activation epilogue_activation = ops::Activation::lrelu;
    std::vector<double> resample_filter{1, 3, 3, 1};
    int freeze_layers = 0; // Freeze-D (2002.10964): that many layers from the picture inwards are buffers
    bool fp16_channels_last = false;
    std::optional<int> mbstd_group_size = 4; // none: the whole batch
    int mbstd_num_channels = 1;
    int mapping_layers = 8;
    int mapping_embed_features = 0; // 0: cmap_dim
    int mapping_layer_features = 0; // 0: cmap_dim
    ops::Activation mapping_activation = ops::Activation::lrelu;
    double mapping_lr_multiplier = 0.01;

    int effective_cmap_dim() const;
    int height() const { return first_block.height_at(img_resolution); } // of pictures, px
    int width() const { return first_block.width_at(img_resolution); }
};

// 4, 8, ..., resolution.
std::vector<int> block_resolutions(int resolution);
// 2 log2(resolution) - 2
int num_ws_of(int resolution);
// The first resolution in half precision: max(2^(log2(resolution) + 1 - num_fp16_res), 8).
int fp16_resolution(int resolution, int num_fp16_res);

// Throw Error with one sentence for anything out of range (resolution no power of two from 4 to 4096, dimensions not
// in 1..16384, filters empty or longer than 64, ...). `what` begins the sentence.
void check(const GeneratorConfig& config, const std::string& what);
void check(const DiscriminatorConfig& config, const std::string& what);

} // namespace atelier::model
