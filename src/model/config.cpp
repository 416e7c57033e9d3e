// SPDX-License-Identifier: Apache-2.0
#include "model/config.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace atelier::model {
namespace {

void check_range(const std::string& what, const char* name, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
        fail("{}: {} is {}, it has to lie between {} and {}.", what, name, value, low, high);
    }
}

void check_common(const std::string& what, int resolution, const FirstBlock& first, int img_channels,
                  const Channels& channels, const std::vector<double>& taps, const std::optional<double>& clamp,
                  int num_fp16_res, int c_dim) {
    if (resolution < 4 || resolution > largest_resolution || (resolution & (resolution - 1)) != 0) {
        fail("{}: the resolution is {}, it has to be a power of two from 4 to {}.", what, resolution,
             largest_resolution);
    }
    constexpr int most_first = 64; // of a side
    if (first.height < 1 || first.height > most_first || first.width < 1 || first.width > most_first) {
        fail("{}: the first block is {} x {} px, its sides have to lie between 1 and {}.", what, first.width,
             first.height, most_first);
    }
    if (first.height_at(resolution) > largest_resolution || first.width_at(resolution) > largest_resolution) {
        fail("{}: pictures are {} x {} px, a side may have {} at most.", what, first.width_at(resolution),
             first.height_at(resolution), largest_resolution);
    }
    if (img_channels < 1 || img_channels > 4) {
        fail("{}: pictures have {} channels, known are 1 (gray), 2 (gray and alpha), 3 (RGB) and 4 (RGBA).", what,
             img_channels);
    }
    check_range(what, "channel_base", channels.base, 4, 1 << 22);
    check_range(what, "channel_max", channels.max, 1, 8192);
    for (const int res : block_resolutions(resolution)) {
        check_range(what, "the number of channels of a block", channels.at(res), 1, 8192);
    }
    if (taps.empty() || taps.size() > 64) {
        fail("{}: resample_filter has {} taps, it needs 1 to 64.", what, taps.size());
    }
    double sum = 0;
    for (const double tap : taps) {
        sum += tap;
    }
    if (!std::isfinite(sum) || std::abs(sum) < 1e-9) {
        fail("{}: the taps of resample_filter sum to {}, so it can't be normalised.", what, sum);
    }
    if (clamp && !(*clamp > 0)) {
        fail("{}: conv_clamp is {}, it has to be positive or absent.", what, *clamp);
    }
    check_range(what, "num_fp16_res", num_fp16_res, 0, 32);
    check_range(what, "c_dim", c_dim, 0, 65536);
}

} // namespace

const char* architecture_name(Architecture architecture) {
    switch (architecture) {
    case Architecture::orig: return "orig";
    case Architecture::skip: return "skip";
    case Architecture::resnet: return "resnet";
    }
    return "skip";
}

int Channels::at(int resolution) const {
    const auto found = exceptions.find(resolution);
    return found != exceptions.end() ? found->second : std::min(base / resolution, max);
}

int DiscriminatorConfig::effective_cmap_dim() const {
    return c_dim == 0 ? 0 : cmap_dim < 0 ? channels.at(4) : cmap_dim;
}

std::vector<int> block_resolutions(int resolution) {
    std::vector<int> result;
    for (int res = 4; res <= resolution; res *= 2) {
        result.push_back(res);
    }
    return result;
}

int num_ws_of(int resolution) {
    return 2 * static_cast<int>(block_resolutions(resolution).size());
}

int fp16_resolution(int resolution, int num_fp16_res) {
    const int first = (resolution * 2) >> std::min(num_fp16_res, 20);
    return std::max(first, 8);
}

void check(const GeneratorConfig& config, const std::string& what) {
    const SynthesisConfig& s = config.synthesis;
    check_common(what, s.img_resolution, s.first_block, s.img_channels, s.channels, s.resample_filter, s.conv_clamp,
                 s.num_fp16_res, config.mapping.c_dim);
    const MappingConfig& m = config.mapping;
    check_range(what, "z_dim", m.z_dim, m.c_dim > 0 ? 0 : 1, 16384);
    check_range(what, "w_dim", m.w_dim, 1, 16384);
    check_range(what, "the number of mapping layers", m.num_layers, 1, 64);
    check_range(what, "embed_features", m.embed_features, 0, 16384);
    check_range(what, "layer_features", m.layer_features, 0, 16384);
    check_range(what, "lr_multiplier", m.lr_multiplier, 1e-9, 1e6);
}

void check(const DiscriminatorConfig& config, const std::string& what) {
    check_common(what, config.img_resolution, config.first_block, config.img_channels, config.channels,
                 config.resample_filter, config.conv_clamp, config.num_fp16_res, config.c_dim);
    if (config.img_resolution == 4 && config.architecture != Architecture::skip) {
        fail("{}: a discriminator for 4x4 pictures has to be of the skip architecture.", what);
    }
    check_range(what, "cmap_dim", config.effective_cmap_dim(), 0, 16384);
    check_range(what, "mbstd_num_channels", config.mbstd_num_channels, 0, 8192);
    if (config.mbstd_group_size) {
        check_range(what, "mbstd_group_size", *config.mbstd_group_size, 1, 65536);
    }
    check_range(what, "the number of mapping layers", config.mapping_layers, 0, 64);
    check_range(what, "freeze_layers", config.freeze_layers, 0, 1000);
    check_range(what, "lr_multiplier", config.mapping_lr_multiplier, 1e-9, 1e6);
}

} // namespace atelier::model
