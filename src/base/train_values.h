// SPDX-License-Identifier: Apache-2.0
// Plain values that cross between panels, command line and trainer: options, commands, status. No torch.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/frame.h"

namespace atelier {

enum class AugmentMode { ada, fixed, off };

// As the run that is gone on with was begun.
inline constexpr int threads_as_begun = -1;

// Half-life of the weight average in kimg: a tenth of a run whose length is given, so that a short one shows what it
// has learnt, and never more than the published one.
inline double ema_half_life(double published, std::optional<double> kimg) {
    return kimg ? std::min(published, *kimg / 10) : published;
}

// What a person asks for, under the names of the command line. An empty optional means "as the configuration says".
struct TrainOptions {
    std::string data;   // folder or zip of pictures, see train/dataset.h
    std::string out;    // run folder
    std::string resume; // model file (fine-tune, p = 0) or run folder (go on as if never stopped); empty: from scratch
    std::optional<double> kimg; // length; 25000, cifar 100000
    double tick = 4;            // kimg between two lines of statistics
    int snap = 50;              // ticks between two snapshots; 0: only the last
    int keep = 0;               // snapshots kept; 0: all
    int threads = 0;            // of one operation; 0: all cores; threads_as_begun
    std::string cfg = "auto";   // auto, stylegan2, paper256, paper512, paper1024, cifar
    std::optional<int> batch;
    std::optional<double> gamma;
    std::optional<double> lr;
    std::optional<double> ema_kimg; // none: ema_half_life of the published one and the length
    bool ema_published = false;     // without ema_kimg: the published one, however short the run
    bool mirror_x = false, mirror_y = false;
    bool cond = false;           // use the labels of dataset.json
    bool skip_checksums = false; // of a sharded set: not compared before the first step
    int subset = 0;              // pictures used; 0: all
    AugmentMode aug = AugmentMode::ada;
    std::string augpipe = "bgc";         // blit, geom, color, filter, noise, cutout, bg, bgc, bgcf, bgcfn, bgcfnc
    std::optional<double> p;             // AugmentMode::fixed
    std::optional<double> target;        // of r_t; 0.6
    std::optional<double> ada_kimg;      // kimg for p to go from 0 to 1; 500, fine-tuning 100
    double ada_max = 1;                  // bound of p; infinity for none
    std::optional<double> init_strength; // p at the start of a fine-tuning
    int freeze_d = 0;                    // highest-resolution layers of D (Freeze-D, 2002.10964)
    int freeze_g = 0;                    // first synthesis blocks of G (FreezeG)
    std::uint64_t seed = 0;
    std::string rank_random = "whole"; // of several ranks: whole or published, see train::RankRandom
    bool fp32 = false;
    // From scratch only.
    std::optional<int> resolution, channel_base, channel_max, map_depth, z_dim;
    bool operator==(const TrainOptions&) const = default;
};

enum class TrainState {
    idle,      // nothing trains
    preparing, // reading data, building networks
    running,
    pausing, // pause asked for, the step in progress ends first
    paused,
    stopping, // saving, then finished
    finished, // saved, by reaching its length or by Stop
    failed,   // TrainStatus::message says why
};

// Means over one tick; NaN where nothing was reported (no regularisation in that tick).
struct TrainPoint {
    double kimg = 0;
    double g_loss = 0, d_loss = 0;
    double score_real = 0, score_fake = 0; // mean logits
    double rt = 0;                         // mean sign of D(real), the overfitting heuristic (2006.06676, eq. 1)
    double p = 0;                          // strength of augmentation, 0..1
    double pl_penalty = 0, r1_penalty = 0;
    double sec_per_kimg = 0;
};

struct TrainStatus {
    TrainState state = TrainState::idle;
    // Another program's run, seen through its folder: it can be asked to stop and for a snapshot, nothing else.
    bool watched = false;
    std::string stage; // preparing, stopping: what is being done
    double kimg = 0, total_kimg = 0;
    double tick_progress = 0;    // 0..1 of the tick in progress
    double sec_per_kimg = 0;     // smoothed; 0: not known yet
    double seconds_left = -1;    // -1: not known yet
    double memory_gb = 0;        // of the process
    double device_memory_gb = 0; // of tensors on a GPU; 0: it trains on the CPU
    double p = 0, rt = 0, target = 0.6;
    int pictures = 0;           // in the data set, mirrored ones counted
    int width = 0, height = 0;  // of a picture, px; 0: not known yet
    std::uint32_t answered = 0; // requests of watchers that were carried out
    std::uint64_t weights = 0;  // counts publications of weights
    std::string run_dir;
    std::string message;                // failed: why; finished: what was saved; running: the last answer to a watcher
    std::vector<std::string> warnings;  // what is odd and what to try, one sentence each
    std::vector<std::string> snapshots; // paths, oldest first
    std::shared_ptr<const std::vector<TrainPoint>> history; // one a tick, oldest first; may be null
    // What the discriminator saw last: augmented reals in a grid. Null before the first.
    std::shared_ptr<const PixelBuffer> augmented;
    bool ended() const {
        return state == TrainState::idle || state == TrainState::finished || state == TrainState::failed;
    }
    bool can_start() const { return ended() && !watched; }
    bool can_pause() const { return state == TrainState::running && !watched; }
    bool can_resume() const { return (state == TrainState::paused || state == TrainState::pausing) && !watched; }
    bool can_stop() const {
        return state == TrainState::preparing || state == TrainState::running || state == TrainState::pausing ||
               state == TrainState::paused;
    }
    bool active() const { return !ended(); }
    bool active_here() const { return active() && !watched; } // it would end with this program
};

enum class TrainCommand { pause, resume, stop, save, show_ema, show_raw, snapshot };

} // namespace atelier
