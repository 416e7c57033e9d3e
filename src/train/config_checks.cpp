// SPDX-License-Identifier: Apache-2.0
#include "train/config_checks.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.h"
#include "base/network_shape.h"

namespace atelier::train {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Both ends belong to the range.
void check_range(const char* option, std::optional<double> value, double low, double high) {
    if (!value || (*value >= low && *value <= high)) {
        return;
    }
    if (high >= 1e9) {
        fail("{} is {}; it has to be {} or more.", option, *value, low);
    }
    fail("{} is {}; it has to lie between {} and {}.", option, *value, low, high);
}

void check_positive(const char* option, std::optional<double> value) {
    if (value && !(*value > 0 && std::isfinite(*value))) {
        fail("{} is {}; it has to be a number above 0.", option, *value);
    }
}

void check_facts(const TrainFacts& facts) {
    if (facts.gpus < 1 || !std::has_single_bit(static_cast<unsigned>(facts.gpus))) {
        fail("--gpus is {}; it has to be a power of two.", facts.gpus);
    }
    const bool usual = facts.first_block.usual();
    if (!network_shape(facts.width(), facts.height())) {
        fail("--data has pictures of {} px; networks make {}.",
             usual ? fmt::format("{}", facts.resolution) : fmt::format("{} x {}", facts.width(), facts.height()),
             network_sizes_text());
    }
    if (facts.pictures < 1) {
        fail("--data has no pictures.");
    }
}

void check_data(const TrainOptions& options, const TrainFacts& facts) {
    if (options.cond && facts.label_dim == 0 && !facts.label_trouble.empty()) {
        fail("--cond asks for labels, but {}", facts.label_trouble);
    }
    if (options.cond && facts.label_dim == 0) {
        fail("--cond asks for labels, but {} has none; put a dataset.json with labels in it, or leave out --cond.",
             options.data.empty() ? "the training set" : options.data);
    }
    if (options.subset != 0 && (options.subset < 0 || options.subset > facts.pictures)) {
        fail("--subset is {}; it has to lie between 1 and {}, the pictures that are there, or be 0 for all.",
             options.subset, facts.pictures);
    }
    if (options.seed > std::numeric_limits<std::uint32_t>::max()) {
        fail("--seed is {}; it has to lie between 0 and {}.", options.seed, std::numeric_limits<std::uint32_t>::max());
    }
    if (options.rank_random != "whole" && options.rank_random != "published") {
        fail("--rank-random is '{}'; it has to be whole or published.", options.rank_random);
    }
    const int side = std::max(facts.width(), facts.height());
    if (options.resolution && *options.resolution != side) {
        fail("--resolution is {}, but the pictures have {} px; leave it out, or prepare the data set at {} px.",
             *options.resolution, side, *options.resolution);
    }
}

void check_length(const TrainOptions& options) {
    check_positive("--kimg", options.kimg);
    check_positive("--tick", options.tick);
    check_range("--snap", options.snap, 0, infinity); // 0: the last alone
    check_range("--keep", options.keep, 0, infinity);
    check_range("--threads", options.threads, 0, 1024);
}

void check_optimisation(const TrainOptions& options, const TrainFacts& facts) {
    check_range("--batch", options.batch, 1, 65536);
    if (options.batch && *options.batch % facts.gpus != 0) {
        fail("--batch is {}; it has to be a multiple of {}, the number of GPUs.", *options.batch, facts.gpus);
    }
    check_range("--gamma", options.gamma, 0, 1e6);
    check_positive("--lr", options.lr);
    check_range("--ema-kimg", options.ema_kimg, 0, 1e6);
    check_range("--freeze-d", options.freeze_d, 0, 1000);
    check_range("--freeze-g", options.freeze_g, 0, std::countr_zero(static_cast<unsigned>(facts.resolution)) - 1);
}

// A strength that the mode of augmentation would never read is a misunderstanding, so it is refused.
void check_mode(const TrainOptions& options) {
    const auto only_with = [&](const char* option, bool given, AugmentMode mode, const char* name) {
        if (given && options.aug != mode) {
            fail("{} only counts with --aug {}; leave it out, or choose that.", option, name);
        }
    };
    only_with("--p", options.p.has_value(), AugmentMode::fixed, "fixed");
    only_with("--target", options.target.has_value(), AugmentMode::ada, "ada");
    only_with("--ada-kimg", options.ada_kimg.has_value(), AugmentMode::ada, "ada");
    only_with("--initstrength", options.init_strength.has_value(), AugmentMode::ada, "ada");
    if (options.aug == AugmentMode::fixed && !options.p) {
        fail("--aug fixed needs --p, the strength between 0 and 1.");
    }
    if (options.aug == AugmentMode::off && options.augpipe != TrainOptions{}.augpipe) {
        fail("--augpipe says what to augment with, but --aug noaug augments nothing; leave out one of them.");
    }
}

void check_augmentation(const TrainOptions& options) {
    check_mode(options);
    check_range("--p", options.p, 0, 1);
    check_range("--target", options.target, 0, 1);
    check_positive("--ada-kimg", options.ada_kimg);
    check_range("--ada-max", options.ada_max, 0, infinity);
    if (options.init_strength && !(*options.init_strength >= 0 && *options.init_strength <= options.ada_max)) {
        fail("--initstrength is {}; it has to lie between 0 and {}, the value of --ada-max (inf: no bound).",
             *options.init_strength, options.ada_max);
    }
    augment_preset(options.augpipe); // throws for an unknown one
}

void check_networks(const TrainOptions& options) {
    const auto check_size = [&](const char* option, std::optional<int> value, int low, int high) {
        if (value && !options.resume.empty()) {
            fail("{} is for training from scratch; with --resume the networks are those of {}.", option,
                 options.resume);
        }
        check_range(option, value, low, high);
    };
    check_size("--channel-base", options.channel_base, 4, 1 << 22);
    check_size("--channel-max", options.channel_max, 1, 8192);
    check_size("--map-depth", options.map_depth, 1, 64);
    check_size("--z-dim", options.z_dim, 1, 16384);
}

} // namespace

void check_options(const TrainOptions& options, const TrainFacts& facts) {
    check_facts(facts);
    check_data(options, facts);
    check_length(options);
    check_optimisation(options, facts);
    check_augmentation(options);
    check_networks(options);
}

void check_batches(const TrainConfig& config) {
    const int round = config.trainer.batch_gpu * config.gpus;
    if (round < 1 || config.trainer.batch % round != 0) {
        fail("--batch is {}, but {} devices with {} pictures each make rounds of {}; take a multiple of that, or fewer "
             "devices.",
             config.trainer.batch, config.gpus, config.trainer.batch_gpu, round);
    }
    const int group = std::min(config.d.mbstd_group_size.value_or(config.trainer.batch_gpu), config.trainer.batch_gpu);
    if (config.trainer.batch_gpu % group != 0) {
        fail("--batch gives each of {} devices {} pictures; more than {} have to be a multiple of {}, the group of the "
             "minibatch-deviation layer.",
             config.gpus, config.trainer.batch_gpu, group, group);
    }
}

std::string size_options(const model::SynthesisConfig& model) {
    const int width = model.width(), height = model.height(), common = std::gcd(width, height);
    const std::string size = fmt::format("--size {}", std::max(width, height));
    return width == height ? size : fmt::format("{} --network-ratio {}:{}", size, width / common, height / common);
}

void check_fit(const model::SynthesisConfig& model, const TrainFacts& facts) {
    if (model.width() != facts.width() || model.height() != facts.height()) {
        fail("The model makes pictures of {} x {} px and those of the training set are {} x {}; prepare them "
             "with {}, or start from another model.",
             model.width(), model.height(), facts.width(), facts.height(), size_options(model));
    }
    if (model.img_channels != facts.channels) {
        constexpr std::array kinds{"gray", "gray with alpha", "in colour", "in colour with alpha"};
        const auto kind = [&](int channels) { return kinds.at(static_cast<std::size_t>(channels) - 1); };
        const bool alpha = facts.channels % 2 == 0, wanted = model.img_channels % 2 == 0;
        fail("The model makes pictures that are {} and those of the training set are {}; {}, or start from another "
             "model.",
             kind(model.img_channels), kind(facts.channels),
             wanted && !alpha     ? "prepare them with --alpha"
             : alpha && !wanted   ? "flatten them on a background, as atelier dataset prepare does"
             : facts.channels < 3 ? "save them as RGB, as atelier dataset prepare does"
                                  : "save them in gray");
    }
}

} // namespace atelier::train
