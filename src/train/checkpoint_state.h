// SPDX-License-Identifier: Apache-2.0
// A training run as a model file that also holds everything needed to go on: what is saved is what continues.
#pragma once

#include <string>
#include <vector>

#include "base/class_facts.h"
#include "base/picture_ratio.h"
#include "base/train_values.h"
#include "io/checkpoint.h"
#include "train/trainer.h"

namespace atelier::train {

// What a run counts beside its trainer.
struct RunProgress {
    std::int64_t ticks = 0;
    std::int64_t tick_start_images = 0; // where the tick in progress began
    double seconds = 0;                 // of training, over all its parts
    double most_diversity = 0;
    double kimg_before = 0; // that the model it began from had seen
    PictureRatio ratio;     // that the pictures were squashed from
    ClassFacts classes;     // of the training set, where its labels are used
    std::vector<TrainPoint> history;
};

// G, D, G_ema under the names of the public checkpoints, Adam's moments, random state, statistics, counters, options.
// Tensors are shared with the trainer: write them before it goes on. random_of_ranks: where ranks have random numbers
// of their own, the states of all (bytes as Trainer::random gives them); empty: the trainer's own is that of all.
io::CheckpointFile to_checkpoint(const Trainer& trainer, const RunProgress& progress, const TrainOptions& options,
                                 const std::vector<std::string>& random_of_ranks = {});

// The options a checkpoint was made with. Throws Error beginning with the path if it is no checkpoint of a run.
TrainOptions options_of(const io::CheckpointFile& file, const std::string& path);

// Into a trainer made with these options over the file's networks. A rank that the run has not had before keeps the
// random numbers of its seed, moved on by the pictures seen so far. Throws Error beginning with the path.
void restore(const io::CheckpointFile& file, const std::string& path, Trainer& trainer, RunProgress& progress);

} // namespace atelier::train
