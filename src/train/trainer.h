// SPDX-License-Identifier: Apache-2.0
// Trainer: StyleGAN2-ADA's training loop one iteration at a time, without threads, files or data of its own.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "train/ada.h"
#include "train/adam.h"
#include "train/agreement.h"
#include "train/loss.h"
#include "train/networks.h"
#include "train/ranks.h"

namespace atelier::train {

// Where ranks take their random numbers from.
enum class RankRandom {
    whole,    // those that one process would draw for the whole batch, each its rows of them
    published // each its own, seeded by its rank as in the public code
};

struct TrainerSettings {
    int batch = 32;     // of all ranks together
    int batch_gpu = 32; // pictures of one round, of all ranks; rounds are summed, not averaged, as published
    RankRandom rank_random = RankRandom::whole;
    LossOptions loss;
    AdamOptions g_adam, d_adam;                                 // before the correction for lazy regularisation
    std::optional<int> g_reg_interval = 4, d_reg_interval = 16; // none: with every main phase
    double ema_kimg = 10;
    std::optional<double> ema_rampup = 0.05;
    std::optional<AugmentStrengths> augment; // none: pictures reach D as they are
    std::optional<double> debug_percentile;  // tests
    double p = 0;
    AdaOptions ada;
    int freeze_g = 0;
};

// What one iteration consumes, of one rank: its batch is rows rank, rank + ranks, ... of the whole one. Rows of gen_z
// and gen_c: one batch for each phase in order, used or not.
struct IterationInput {
    at::Tensor real;   // uint8 [batch,C,H,W]
    at::Tensor real_c; // [batch,c_dim]
    at::Tensor gen_z;  // [phases*batch,z_dim]
    at::Tensor gen_c;  // [phases*batch,c_dim]
};

// What `rank` of `ranks` gets of the input for one process, of that many phases.
IterationInput share_of(const IterationInput& whole, int phases, int rank, int ranks);

// Throws Error unless the ranks can share the batch out: whole rounds, whole groups of the minibatch-deviation layer
// (none: it takes the whole round) and, with path length regularisation, whole shares of its smaller batch on each.
void check_ranks(const TrainerSettings& settings, const model::DiscriminatorConfig& d, int ranks);

class Trainer {
public:
    // On several ranks all make theirs of the same networks, settings and seed, and call the same functions in the same
    // order; what one process would compute of the whole batch each then has, to rounding. Throws Error (check_ranks).
    Trainer(Networks networks, const TrainerSettings& settings, std::uint64_t seed, Ranks& ranks = one_rank());
    Trainer(const Trainer&) = delete;
    Trainer& operator=(const Trainer&) = delete;

    // Gmain, Greg, Dmain, Dreg (regularisation when due), then G_ema, counters and p. Random numbers come from
    // `random`, the trainer's own if null. Throws Error when a loss is not finite: the networks are those of before
    // that phase. Out of memory on a device, of any rank: the phase runs again with rounds of half the size.
    void iterate(const IterationInput& in, Random* random = nullptr);

    int phases() const { return static_cast<int>(phases_.size()); }
    Ranks& ranks() const { return ranks_; }
    Agreement& agreement() { return agreement_; }
    // The pictures of a round that are `wanted` or fewer: of all ranks, each as many.
    int round_of(int wanted) const;
    // Called with one sentence when something happens that a person should know.
    std::function<void(const std::string&)> tell;
    // Tests: called before each round; may throw c10::OutOfMemoryError.
    std::function<void(int batch_gpu)> before_round;

    Networks networks;
    std::unique_ptr<Loss> loss;
    Adam g_adam, d_adam;
    SeededRandom random;
    Statistics statistics;                  // since its owner cleared it
    std::map<std::string, double> phase_ms; // how long each phase took when it last ran

    // Counters, all part of a checkpoint.
    std::int64_t images = 0; // real pictures seen
    std::int64_t iterations = 0;
    float p = 0;
    Moments real_signs; // since the last adjustment of p
    double last_rt = std::numeric_limits<double>::quiet_NaN();
    double last_beta = 0;
    bool told_clamp = false;
    int batch_gpu_now = 0;

    const TrainerSettings& settings() const { return settings_; }
    TrainerSettings& settings() { return settings_; }

private:
    enum class Kind { g_main, g_reg, g_both, d_main, d_reg, d_both };
    struct Phase {
        Kind kind;
        int interval;
        const char* name() const;
        bool generator() const { return kind == Kind::g_main || kind == Kind::g_reg || kind == Kind::g_both; }
    };
    void run_phase(const Phase& phase, const LossInput& in, Random& random);
    bool attempt(const Phase& phase, Adam& adam, const LossInput& in, Random& random);
    void run_rounds(const Phase& phase, const LossInput& in, Random& random);
    void add_up_gradients(const Phase& phase, const Adam& adam);
    void add_up_statistics();
    void average_weights();
    void adjust_augmentation();

    TrainerSettings settings_;
    Ranks& ranks_;
    Agreement agreement_;
    std::optional<AugmentPipe> pipe_;
    std::vector<Phase> phases_;
    Statistics step_statistics_;
};

} // namespace atelier::train
