// SPDX-License-Identifier: Apache-2.0
#include "train/config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "base/error.h"
#include "train/config_checks.h"

namespace atelier::train {

namespace {

// What a named configuration fixes.
struct Preset {
    std::string_view name;
    int batch, batch_gpu;
    double channels; // times 32768
    double lr;
    double gamma;
    double ema_kimg;
    std::optional<double> ema_rampup;
    int map_depth;
    int mbstd_group;
};

constexpr std::array presets{
    Preset{"stylegan2", 32, 4, 1, 0.002, 10, 10, std::nullopt, 8, 4},
    Preset{"paper256", 64, 8, 0.5, 0.0025, 1, 20, std::nullopt, 8, 8},
    Preset{"paper512", 64, 8, 1, 0.0025, 0.5, 20, std::nullopt, 8, 8},
    Preset{"paper1024", 32, 4, 1, 0.002, 2, 10, std::nullopt, 8, 4},
    Preset{"cifar", 64, 32, 1, 0.0025, 0.01, 500, 0.05, 2, 32},
};

Preset auto_preset(const TrainFacts& facts) {
    // What the public configuration takes for a square's side: of other shapes the side of as many pixels, rounded to
    // a power of two in octaves.
    const double pixels = static_cast<double>(facts.width()) * facts.height();
    const int res = 1 << static_cast<int>(std::lround(std::log2(pixels) / 2));
    Preset preset{"auto", 0, 0, res >= 512 ? 1 : 0.5, res >= 1024 ? 0.002 : 0.0025, 0, 0, 0.05, 2, 0};
    // As many as memory holds on each device, but no more than 64 unless there are more devices than that.
    preset.batch = std::max(std::min(facts.gpus * std::min(4096 / res, 32), 64), facts.gpus);
    preset.batch_gpu = preset.batch / facts.gpus;
    preset.mbstd_group = std::min(preset.batch_gpu, 4);
    preset.gamma = 0.0002 * pixels / preset.batch;
    preset.ema_kimg = preset.batch * 10.0 / 32;
    return preset;
}

Preset preset_for(const std::string& name, const TrainFacts& facts) {
    if (name == "auto") {
        return auto_preset(facts);
    }
    const auto* found = std::ranges::find(presets, name, &Preset::name);
    if (found == presets.end()) {
        fail("--cfg is '{}'; it has to be auto, stylegan2, paper256, paper512, paper1024 or cifar.", name);
    }
    return *found;
}

void set_networks(TrainConfig& config, const Preset& preset, const TrainOptions& options, const TrainFacts& facts) {
    const int c_dim = options.cond ? facts.label_dim : 0;
    model::SynthesisConfig& s = config.g.synthesis;
    s.img_resolution = facts.resolution;
    s.first_block = facts.first_block;
    s.img_channels = facts.channels;
    s.channels.base = options.channel_base.value_or(static_cast<int>(preset.channels * 32768));
    s.channels.max = options.channel_max.value_or(512);
    s.num_fp16_res = options.fp32 ? 0 : 4;
    s.conv_clamp = options.fp32 ? std::nullopt : std::optional<double>(256);
    s.fp16_channels_last = facts.channels_last;
    model::MappingConfig& m = config.g.mapping;
    m.z_dim = options.z_dim.value_or(512);
    m.c_dim = c_dim;
    m.num_ws = model::num_ws_of(facts.resolution);
    m.num_layers = options.map_depth.value_or(preset.map_depth);
    model::DiscriminatorConfig& d = config.d;
    d.c_dim = c_dim;
    d.img_resolution = s.img_resolution;
    d.first_block = s.first_block;
    d.img_channels = s.img_channels;
    d.channels = s.channels;
    d.num_fp16_res = s.num_fp16_res;
    d.conv_clamp = s.conv_clamp;
    d.fp16_channels_last = s.fp16_channels_last;
    d.mbstd_group_size = preset.mbstd_group;
    d.freeze_layers = options.freeze_d;
    config.trainer.freeze_g = options.freeze_g;
}

void set_optimisation(TrainConfig& config, const Preset& preset, const TrainOptions& options) {
    config.trainer.batch = options.batch.value_or(preset.batch);
    config.trainer.batch_gpu = options.batch ? *options.batch / config.gpus : preset.batch_gpu;
    config.trainer.g_adam.lr = options.lr.value_or(preset.lr);
    config.trainer.d_adam.lr = config.trainer.g_adam.lr;
    config.trainer.loss.r1_gamma = options.gamma.value_or(preset.gamma);
    config.trainer.ema_kimg = options.ema_kimg.value_or(preset.ema_kimg);
    config.trainer.ema_rampup = options.resume.empty() ? preset.ema_rampup : std::nullopt;
}

void set_augmentation(TrainConfig& config, const TrainOptions& options) {
    if (options.aug == AugmentMode::off) {
        return;
    }
    config.augpipe = options.augpipe;
    config.trainer.augment = augment_preset(options.augpipe);
    if (options.aug == AugmentMode::fixed) {
        config.trainer.p = *options.p;
        return;
    }
    config.trainer.p = options.init_strength.value_or(0);
    config.trainer.ada.target = options.target.value_or(0.6);
    config.trainer.ada.kimg = options.ada_kimg.value_or(options.resume.empty() ? 500 : 100);
    config.trainer.ada.max = options.ada_max;
}

void set_length(TrainConfig& config, const TrainOptions& options) {
    config.total_kimg = options.kimg.value_or(options.cfg == "cifar" ? 100000 : 25000);
    config.kimg_per_tick = options.tick;
    config.snapshot_ticks = options.snap;
    config.seed = options.seed;
    config.trainer.rank_random = options.rank_random == "published" ? RankRandom::published : RankRandom::whole;
}

void set_data(TrainConfig& config, const TrainOptions& options, const TrainFacts& facts) {
    config.data = dataset_options(options);
    config.data.max_size = options.subset == 0 ? facts.pictures : options.subset;
    if (config.data.max_size >= facts.pictures) {
        config.data.seed = 0; // nothing is drawn
    }
}

} // namespace

DatasetOptions dataset_options(const TrainOptions& options) {
    DatasetOptions data{options.cond, options.subset, static_cast<std::uint32_t>(options.seed), options.mirror_x,
                        options.mirror_y};
    data.checksums = !options.skip_checksums;
    return data;
}

TrainConfig resolve(const TrainOptions& options, const TrainFacts& facts) {
    check_options(options, facts);
    const Preset preset = preset_for(options.cfg, facts);
    TrainConfig config;
    config.gpus = facts.gpus;
    set_data(config, options, facts);
    set_networks(config, preset, options, facts);
    set_optimisation(config, preset, options);
    set_augmentation(config, options);
    set_length(config, options);
    if (preset.name == "cifar") { // 2006.06676, appendix D: neither path length regularisation nor style mixing
        config.trainer.loss.pl_weight = 0;
        config.trainer.loss.style_mixing_prob = 0;
        config.d.architecture = model::Architecture::orig;
    }
    model::check(config.g, "The options make no generator");
    model::check(config.d, "The options make no discriminator");
    return config;
}

} // namespace atelier::train
