// SPDX-License-Identifier: Apache-2.0
#include "train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include <c10/util/Exception.h>

#include "base/error.h"
#include "train/grid.h"

namespace atelier::train {
namespace {

at::Tensor rows(const at::Tensor& x, std::int64_t first, std::int64_t count) {
    return x.defined() ? x.slice(0, first, first + count) : x;
}

// The largest divisor of `batch` that is at most `wanted`, and a multiple of `ranks`.
int divisor(int batch, int wanted, int ranks = 1) {
    int result = std::clamp(wanted, ranks, batch);
    while (batch % result != 0 || result % ranks != 0) {
        --result;
    }
    return result;
}

std::uint64_t seed_of(const TrainerSettings& settings, std::uint64_t seed, const Ranks& ranks) {
    return settings.rank_random == RankRandom::whole
               ? seed
               : seed * static_cast<std::uint64_t>(ranks.size()) + static_cast<std::uint64_t>(ranks.rank());
}

} // namespace

const char* Trainer::Phase::name() const {
    switch (kind) {
    case Kind::g_main: return "Gmain";
    case Kind::g_reg: return "Greg";
    case Kind::g_both: return "Gboth";
    case Kind::d_main: return "Dmain";
    case Kind::d_reg: return "Dreg";
    case Kind::d_both: return "Dboth";
    }
    return "";
}

IterationInput share_of(const IterationInput& whole, int phases, int rank, int ranks) {
    const auto of_phases = [&](const at::Tensor& x) {
        if (!x.defined() || ranks == 1) {
            return x;
        }
        std::vector<at::Tensor> shares;
        for (const at::Tensor& phase : x.chunk(phases, 0)) {
            shares.push_back(share_of_rows(phase, rank, ranks));
        }
        return at::cat(shares);
    };
    return {share_of_rows(whole.real, rank, ranks), share_of_rows(whole.real_c, rank, ranks), of_phases(whole.gen_z),
            of_phases(whole.gen_c)};
}

void check_ranks(const TrainerSettings& s, const model::DiscriminatorConfig& d, int ranks) {
    if (ranks == 1) {
        return;
    }
    if (s.batch % ranks != 0) {
        fail("--batch is {}, which {} ranks can't share out evenly; take a multiple of {}, or fewer ranks.", s.batch,
             ranks, ranks);
    }
    const int share = s.batch / ranks;
    if (d.mbstd_num_channels > 0 && !d.mbstd_group_size) {
        fail(
            "The minibatch-deviation layer of this discriminator looks at the whole batch, which {} ranks can't share; "
            "train it as one process.",
            ranks);
    }
    const int group = d.mbstd_num_channels > 0 ? *d.mbstd_group_size : 1;
    if (share % group != 0) {
        fail("--batch gives each of {} ranks {} pictures, which are no whole groups of {} for the minibatch-deviation "
             "layer; take a multiple of {}, or fewer ranks.",
             ranks, share, group, group * ranks);
    }
    if (s.loss.pl_weight != 0 && share % s.loss.pl_batch_shrink != 0) {
        fail("--batch gives each of {} ranks {} pictures, of which path length regularisation takes one in {}; take a "
             "multiple of {}, or fewer ranks.",
             ranks, share, s.loss.pl_batch_shrink, s.loss.pl_batch_shrink * ranks);
    }
}

int Trainer::round_of(int wanted) const {
    if (ranks_.size() == 1) {
        return divisor(settings_.batch, wanted);
    }
    // Rounds of a fixed configuration may be too small to be shared out.
    const model::DiscriminatorConfig& d = networks.d.config;
    const int group = d.mbstd_num_channels > 0 ? d.mbstd_group_size.value_or(1) : 1;
    const int least = std::lcm(group, settings_.loss.pl_weight != 0 ? settings_.loss.pl_batch_shrink : 1);
    const int multiple = settings_.batch % (ranks_.size() * least) == 0 ? ranks_.size() * least : ranks_.size() * group;
    return divisor(settings_.batch, std::max(wanted, multiple), multiple);
}

Trainer::Trainer(Networks n, const TrainerSettings& s, std::uint64_t seed, Ranks& ranks)
    : networks(std::move(n)), g_adam(trainable(networks.g, s.freeze_g), lazy_options(s.g_adam, s.g_reg_interval)),
      d_adam(trainable(networks.d), lazy_options(s.d_adam, s.d_reg_interval)), random(seed_of(s, seed, ranks)),
      p(static_cast<float>(s.p)), settings_(s), ranks_(ranks), agreement_(ranks) {
    check_ranks(s, networks.d.config, ranks.size());
    batch_gpu_now = round_of(s.batch_gpu);
    if (s.augment) {
        pipe_.emplace(*s.augment);
    }
    loss = std::make_unique<Loss>(networks.g, networks.d, pipe_ ? &*pipe_ : nullptr, s.loss);
    loss->debug_percentile = s.debug_percentile;
    if (ranks.size() > 1) {
        loss->over_ranks = [this](double mine) {
            agreement_.sum({&mine, 1});
            return mine / ranks_.size();
        };
    }
    const auto add = [&](Kind main, Kind reg, Kind both, std::optional<int> interval) {
        if (interval) {
            phases_.push_back({main, 1});
            phases_.push_back({reg, *interval});
        } else {
            phases_.push_back({both, 1});
        }
    };
    add(Kind::g_main, Kind::g_reg, Kind::g_both, s.g_reg_interval);
    add(Kind::d_main, Kind::d_reg, Kind::d_both, s.d_reg_interval);
    g_adam.require_gradients(false);
    d_adam.require_gradients(false);
}

void Trainer::iterate(const IterationInput& in, Random* replay) {
    ShareOfRandom share(random, ranks_.rank(), ranks_.size());
    Random& own =
        settings_.rank_random == RankRandom::whole && ranks_.size() > 1 ? static_cast<Random&>(share) : random;
    Random& draws = replay != nullptr ? *replay : own;
    const std::int64_t batch = settings_.batch / ranks_.size();
    const at::Device device = networks.g.parameters.device();
    const at::Tensor real = to_floats(in.real.to(device));
    const at::Tensor z = in.gen_z.to(device);
    const auto moved = [&](const at::Tensor& c) { return c.defined() ? c.to(device) : c; };
    const at::Tensor real_c = moved(in.real_c), gen_c = moved(in.gen_c);
    loss->p = p;
    for (std::size_t i = 0; i < phases_.size(); ++i) {
        if (iterations % phases_[i].interval != 0) {
            continue;
        }
        const auto first = static_cast<std::int64_t>(i) * batch;
        const auto start = std::chrono::steady_clock::now();
        run_phase(phases_[i], {real, real_c, rows(z, first, batch), rows(gen_c, first, batch)}, draws);
        phase_ms[phases_[i].name()] =
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    }
    average_weights();
    images += settings_.batch;
    ++iterations;
    adjust_augmentation();
}

// False: a rank has too little memory for rounds of this size.
bool Trainer::attempt(const Phase& phase, Adam& adam, const LossInput& in, Random& draws) {
    adam.clear_gradients();
    adam.require_gradients(true);
    step_statistics_.clear();
    try {
        run_rounds(phase, in, draws);
        if (ranks_.size() > 1) {
            add_up_statistics();
        }
        return true;
    } catch (const c10::OutOfMemoryError&) {
        // said to the others below, where nothing holds on to memory any more
    } catch (const OutOfMemoryElsewhere&) {
        return false;
    }
    agreement_.out_of_memory();
    return false;
}

void Trainer::run_phase(const Phase& phase, const LossInput& in, Random& draws) {
    Adam& adam = phase.generator() ? g_adam : d_adam;
    // What a phase changes besides gradients, in case it has to run again.
    const at::Tensor w_avg = networks.g.mapping.w_avg.defined() ? networks.g.mapping.w_avg.clone() : at::Tensor();
    const at::Tensor pl_mean = loss->pl_mean;
    const at::Tensor numbers = random.state();
    while (!attempt(phase, adam, in, draws)) {
        const int smaller = divisor(settings_.batch, batch_gpu_now / 2, ranks_.size());
        if (batch_gpu_now <= ranks_.size() || smaller >= batch_gpu_now) {
            throw AgreedError("The device has too little memory for even one picture at a time; train at a lower "
                              "resolution or with fewer channels.");
        }
        if (tell) {
            tell(fmt::format("Too little memory for {} pictures at a time: going on with {}.", batch_gpu_now, smaller));
        }
        batch_gpu_now = smaller;
        loss->pl_mean = pl_mean;
        random.set_state(numbers);
        if (w_avg.defined()) {
            networks.g.mapping.w_avg.copy_(w_avg);
        }
    }
    adam.require_gradients(false);
    for (const auto& [name, moments] : step_statistics_.entries()) {
        if (!std::isfinite(moments.sum)) {
            adam.clear_gradients();
            throw AgreedError(fmt::format(
                "{} is no finite number any more, so training stops: try a smaller learning rate or a larger gamma.",
                name));
        }
        statistics.add(name, moments);
    }
    if (ranks_.size() > 1) {
        add_up_gradients(phase, adam);
    }
    real_signs.add(step_statistics_.get("Loss/signs/real"));
    adam.step();
    adam.clear_gradients();
}

// What the ranks have found of their shares of the batch: a step that is of no use is of none to any of them.
void Trainer::add_up_statistics() {
    std::vector<double> values;
    for (const auto& [name, moments] : step_statistics_.entries()) {
        values.insert(values.end(), {static_cast<double>(moments.num), moments.sum, moments.sum_of_squares});
    }
    agreement_.sum(values);
    Statistics whole;
    std::size_t at = 0;
    for (const auto& [name, moments] : step_statistics_.entries()) {
        whole.add(name, {static_cast<std::int64_t>(std::llround(values[at])), values[at + 1], values[at + 2]});
        at += 3;
    }
    step_statistics_ = std::move(whole);
}

// Each rank's gradients are those of the mean over its pictures, so their mean is that of the batch. In the public code
// w_avg is each rank's own and the first one's is saved; here it moves by the whole batch, as in one process.
void Trainer::add_up_gradients(const Phase& phase, const Adam& adam) {
    const at::NoGradGuard no_grad;
    std::vector<at::Tensor> all;
    for (const at::Tensor& parameter : adam.parameters()) {
        if (parameter.grad().defined()) {
            all.push_back(parameter.grad());
        }
    }
    if (networks.g.mapping.w_avg.defined() && phase.kind != Kind::d_reg) {
        all.push_back(networks.g.mapping.w_avg);
    }
    ranks_.sum(all);
    for (at::Tensor& tensor : all) {
        tensor /= ranks_.size();
    }
}

void Trainer::run_rounds(const Phase& phase, const LossInput& in, Random& draws) {
    // Rounds are summed; smaller ones than configured must not add up to more.
    const double gain =
        phase.interval * static_cast<double>(batch_gpu_now) / divisor(settings_.batch, settings_.batch_gpu);
    const std::int64_t mine = batch_gpu_now / ranks_.size();
    for (std::int64_t first = 0; first < settings_.batch / ranks_.size(); first += mine) {
        if (before_round) {
            before_round(batch_gpu_now);
        }
        const LossInput round{rows(in.real_img, first, mine), rows(in.real_c, first, mine), rows(in.gen_z, first, mine),
                              rows(in.gen_c, first, mine)};
        switch (phase.kind) {
        case Kind::g_main: loss->generator_main(round, gain, draws, step_statistics_); break;
        case Kind::g_reg: loss->generator_regularize(round, gain, draws, step_statistics_); break;
        case Kind::g_both:
            loss->generator_main(round, gain, draws, step_statistics_);
            loss->generator_regularize(round, gain, draws, step_statistics_);
            break;
        case Kind::d_main: loss->discriminator(round, gain, true, false, draws, step_statistics_); break;
        case Kind::d_reg: loss->discriminator(round, gain, false, true, draws, step_statistics_); break;
        case Kind::d_both: loss->discriminator(round, gain, true, true, draws, step_statistics_); break;
        }
    }
}

void Trainer::average_weights() {
    const at::NoGradGuard no_grad;
    last_beta = ema_beta(static_cast<double>(images), settings_.batch, settings_.ema_kimg, settings_.ema_rampup);
    const auto& from = networks.g.parameters.all();
    const auto& to = networks.g_ema.parameters.all();
    for (std::size_t i = 0; i < from.size(); ++i) {
        at::Tensor target = to[i].value;
        if (from[i].buffer) {
            target.copy_(from[i].value);
        } else {
            target.copy_(from[i].value.detach().lerp(target, last_beta));
        }
    }
}

void Trainer::adjust_augmentation() {
    if (!settings_.ada.target || iterations % settings_.ada.interval != 0) {
        return;
    }
    last_rt = real_signs.mean();
    real_signs = {};
    const AdaStep step = adjust_p(p, last_rt, settings_.batch, settings_.ada);
    p = step.p;
    if (step.clamped && !told_clamp) {
        told_clamp = true;
        if (tell) {
            tell(fmt::format("Augmentation has reached its bound p = {:g}; D goes on overfitting. More pictures help "
                             "most; --ada-max sets another bound.",
                             settings_.ada.max));
        }
    }
}

} // namespace atelier::train
