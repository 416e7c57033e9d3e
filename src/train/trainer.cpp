// SPDX-License-Identifier: Apache-2.0
#include "train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <c10/util/Exception.h>

#include "base/error.h"
#include "train/grid.h"

namespace atelier::train {
namespace {

at::Tensor rows(const at::Tensor& x, std::int64_t first, std::int64_t count) {
    return x.defined() ? x.slice(0, first, first + count) : x;
}

// The largest divisor of `batch` that is at most `wanted`.
int divisor(int batch, int wanted) {
    int result = std::clamp(wanted, 1, batch);
    while (batch % result != 0) {
        --result;
    }
    return result;
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

Trainer::Trainer(Networks n, const TrainerSettings& s, std::uint64_t seed)
    : networks(std::move(n)), g_adam(trainable(networks.g, s.freeze_g), lazy_options(s.g_adam, s.g_reg_interval)),
      d_adam(trainable(networks.d), lazy_options(s.d_adam, s.d_reg_interval)), random(seed), p(static_cast<float>(s.p)),
      batch_gpu_now(divisor(s.batch, s.batch_gpu)), settings_(s) {
    if (s.augment) {
        pipe_.emplace(*s.augment);
    }
    loss = std::make_unique<Loss>(networks.g, networks.d, pipe_ ? &*pipe_ : nullptr, s.loss);
    loss->debug_percentile = s.debug_percentile;
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
    Random& draws = replay != nullptr ? *replay : random;
    const std::int64_t batch = settings_.batch;
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
    images += batch;
    ++iterations;
    adjust_augmentation();
}

void Trainer::run_phase(const Phase& phase, const LossInput& in, Random& draws) {
    Adam& adam = phase.generator() ? g_adam : d_adam;
    // What a phase changes besides gradients, in case it has to run again.
    const at::Tensor w_avg = networks.g.mapping.w_avg.defined() ? networks.g.mapping.w_avg.clone() : at::Tensor();
    const at::Tensor pl_mean = loss->pl_mean;
    const at::Tensor numbers = random.state();
    while (true) {
        adam.clear_gradients();
        adam.require_gradients(true);
        step_statistics_.clear();
        try {
            run_rounds(phase, in, draws);
            break;
        } catch (const c10::OutOfMemoryError&) {
            const int smaller = divisor(settings_.batch, batch_gpu_now / 2);
            if (batch_gpu_now <= 1 || smaller >= batch_gpu_now) {
                fail("The device has too little memory for even one picture at a time; train at a lower resolution or "
                     "with fewer channels.");
            }
            if (tell) {
                tell(fmt::format("Too little memory for {} pictures at a time: going on with {}.", batch_gpu_now,
                                 smaller));
            }
            batch_gpu_now = smaller;
            loss->pl_mean = pl_mean;
            random.set_state(numbers);
            if (w_avg.defined()) {
                networks.g.mapping.w_avg.copy_(w_avg);
            }
        }
    }
    adam.require_gradients(false);
    for (const auto& [name, moments] : step_statistics_.entries()) {
        if (!std::isfinite(moments.sum)) {
            adam.clear_gradients();
            fail("{} is no finite number any more, so training stops: try a smaller learning rate or a larger gamma.",
                 name);
        }
        statistics.add(name, moments);
    }
    real_signs.add(step_statistics_.get("Loss/signs/real"));
    adam.step();
    adam.clear_gradients();
}

void Trainer::run_rounds(const Phase& phase, const LossInput& in, Random& draws) {
    // Rounds are summed; smaller ones than configured must not add up to more.
    const double gain =
        phase.interval * static_cast<double>(batch_gpu_now) / divisor(settings_.batch, settings_.batch_gpu);
    for (std::int64_t first = 0; first < settings_.batch; first += batch_gpu_now) {
        if (before_round) {
            before_round(batch_gpu_now);
        }
        const LossInput round{rows(in.real_img, first, batch_gpu_now), rows(in.real_c, first, batch_gpu_now),
                              rows(in.gen_z, first, batch_gpu_now), rows(in.gen_c, first, batch_gpu_now)};
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
