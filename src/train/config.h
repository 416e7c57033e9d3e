// SPDX-License-Identifier: Apache-2.0
// TrainConfig: everything a training run computes with, resolved from a person's options and the facts of the data.
#pragma once

#include <cstdint>
#include <string>

#include "base/train_values.h"
#include "model/config.h"
#include "train/dataset_options.h"
#include "train/trainer.h"

namespace atelier::train {

// What the options are resolved against.
struct TrainFacts {
    int resolution = 0;        // px a side of square pictures; of others the last block's name, see model::FirstBlock
    int channels = 3;          // 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA
    int pictures = 0;          // in the folder or zip, before subset and mirroring
    int label_dim = 0;         // of its dataset.json, whether used or not; 0: no labels
    std::string label_trouble; // why there are none, though there is something like them: a sentence, or empty
    int gpus = 1;              // devices that share a batch; a power of two
    bool channels_last = false;
    model::FirstBlock first_block{};

    int width() const { return first_block.width_at(resolution); } // of pictures, px
    int height() const { return first_block.height_at(resolution); }
};

struct TrainConfig {
    DatasetOptions data;
    model::GeneratorConfig g;
    model::DiscriminatorConfig d; // freeze_layers: Freeze-D
    TrainerSettings trainer;      // its batch is that of all devices together; loss.force_fp32 is left to the device
    int gpus = 1;
    std::string augpipe; // what trainer.augment was made from; empty: no augmentation
    double total_kimg = 25000;
    double kimg_per_tick = 4;
    int snapshot_ticks = 50;
    std::uint64_t seed = 0;
};

// The configurations of StyleGAN2-ADA (2006.06676, appendix D; `auto` as the public tool has it) for these facts,
// overridden by what the options say. `resume` makes it a fine-tuning: no EMA ramp-up, p within 100 kimg; a run that
// goes on resolves the options it was started with. Throws Error, one sentence naming the option, for a value out of
// range, options that exclude each other, or options that the data can't fulfil.
TrainConfig resolve(const TrainOptions& options, const TrainFacts& facts);

// Which pictures the options ask for.
DatasetOptions dataset_options(const TrainOptions& options);

// Throws Error when a batch can't be cut into whole rounds or a round into groups of the minibatch-deviation layer.
// Fixed configurations have batches for certain numbers of devices, so resolve() may give one that this refuses.
void check_batches(const TrainConfig& config);

} // namespace atelier::train
