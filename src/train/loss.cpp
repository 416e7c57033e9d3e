// SPDX-License-Identifier: Apache-2.0
#include "train/loss.h"

#include <cmath>

#include <torch/csrc/autograd/autograd.h>

namespace atelier::train {
namespace {

void backward(const at::Tensor& loss) {
    torch::autograd::backward({loss}, {});
}

// d(sum of y)/dx, itself differentiable.
at::Tensor gradient_of(const at::Tensor& y, const at::Tensor& x) {
    return torch::autograd::grad({y}, {x}, {}, true, true).front();
}

void report_logits(Statistics& report, const char* kind, const at::Tensor& logits) {
    report.report(std::string("Loss/scores/") + kind, logits);
    report.report(std::string("Loss/signs/") + kind, logits.detach().sign());
}

} // namespace

Loss::Loss(model::Generator& generator, model::Discriminator& discriminator, const AugmentPipe* pipe,
           const LossOptions& options)
    : generator_(generator), discriminator_(discriminator), pipe_(pipe), options_(options) {
    pl_mean = at::zeros({}, at::TensorOptions().dtype(at::kFloat).device(generator_.parameters.device()));
}

void Loss::tell(const char* name, const at::Tensor& value) const {
    if (probe) {
        probe(name, value.detach());
    }
}

Loss::Generated Loss::run_generator(const at::Tensor& z, const at::Tensor& c, Random& random) {
    model::Mapping& mapping = generator_.mapping;
    const auto num_ws = static_cast<std::int64_t>(mapping.config.num_ws);
    const at::Tensor w = mapping.forward(z, c);
    {
        const at::NoGradGuard no_grad;
        mapping.update_w_avg(w);
    }
    at::Tensor ws = w.unsqueeze(1).expand({w.size(0), num_ws, w.size(1)});
    if (options_.style_mixing_prob > 0) {
        // Drawn in this order whether it is used or not, one place for the whole batch (1812.04948, section 3.1).
        const std::int64_t drawn = random.integer(1, num_ws);
        const bool mix = random.uniform({}).item<float>() < options_.style_mixing_prob;
        const std::int64_t cutoff = mix ? drawn : num_ws;
        const at::Tensor other_z = random.normal(z.sizes()).to(z.device());
        if (cutoff < num_ws) {
            const at::Tensor other = mapping.forward(other_z, c).unsqueeze(1);
            ws = at::cat({ws.slice(1, 0, cutoff), other.expand({w.size(0), num_ws - cutoff, w.size(1)})}, 1);
        }
    }
    model::SynthesisOptions how;
    how.noise = options_.noise;
    how.force_fp32 = options_.force_fp32;
    how.half = options_.half;
    how.channels_last = options_.channels_last;
    how.random_noise = [&](std::int64_t n, int height, int width) { return random.normal({n, 1, height, width}); };
    return {generator_.synthesis.forward(ws, how), ws};
}

at::Tensor Loss::augmented(const at::Tensor& img, Random& random, bool real) {
    const at::Tensor seen =
        pipe_ == nullptr ? img : pipe_->forward(img, static_cast<float>(p), random, debug_percentile);
    if (real && keep_augmented > 0) {
        last_augmented = seen.detach().slice(0, 0, keep_augmented).clone();
    }
    return seen;
}

at::Tensor Loss::judge(const at::Tensor& seen, const at::Tensor& c) {
    model::DiscriminatorOptions how;
    how.force_fp32 = options_.force_fp32;
    how.half = options_.half;
    how.channels_last = options_.channels_last;
    return discriminator_.forward(seen, c, how);
}

// The groups of the minibatch standard deviation have to stay what they are.
bool Loss::can_judge_together(const at::Tensor& fake, const at::Tensor& real) const {
    const model::DiscriminatorConfig& d = discriminator_.config;
    const std::int64_t n = fake.size(0);
    return fake.device().is_cpu() && real.size(0) == n &&
           (d.mbstd_num_channels == 0 || (d.mbstd_group_size && n % *d.mbstd_group_size == 0));
}

Loss::Judged Loss::judge_together(const at::Tensor& fake, const at::Tensor& fake_c, const at::Tensor& real,
                                  const at::Tensor& real_c, Random& random) {
    const at::Tensor seen_fake = augmented(fake, random, false), seen_real = augmented(real, random, true);
    // A group takes every (N / size)th picture: behind each such share of fakes comes one of reals.
    const std::int64_t shares =
        discriminator_.config.mbstd_num_channels == 0 ? 1 : *discriminator_.config.mbstd_group_size;
    const auto in_shares = [shares](const at::Tensor& t) { return t.reshape({shares, -1, t.numel() / t.size(0)}); };
    const auto together = [&](const at::Tensor& a, const at::Tensor& b) {
        std::vector<std::int64_t> sizes = a.sizes().vec();
        sizes[0] *= 2;
        return at::cat({in_shares(a), in_shares(b)}, 1).reshape(sizes);
    };
    const at::Tensor c = fake_c.defined() && fake_c.numel() > 0 ? together(fake_c, real_c) : at::Tensor();
    const at::Tensor logits = in_shares(judge(together(seen_fake, seen_real), c));
    const std::int64_t half = logits.size(1) / 2;
    return {logits.slice(1, 0, half).reshape({-1, 1}), logits.slice(1, half).reshape({-1, 1})};
}

void Loss::generator_main(const LossInput& in, double gain, Random& random, Statistics& report) {
    const auto [img, ws] = run_generator(in.gen_z, in.gen_c, random);
    const at::Tensor logits = run_discriminator(img, in.gen_c, random);
    const at::Tensor loss = at::softplus(-logits);
    report_logits(report, "fake", logits);
    report.report("Loss/G/loss", loss);
    tell("ws", ws);
    tell("gen_img", img);
    tell("gen_logits", logits);
    tell("loss", loss);
    backward(loss.mean() * gain);
}

void Loss::generator_regularize(const LossInput& in, double gain, Random& random, Statistics& report) {
    if (options_.pl_weight == 0) {
        return;
    }
    const std::int64_t n = std::max<std::int64_t>(in.gen_z.size(0) / options_.pl_batch_shrink, 1);
    const at::Tensor c = in.gen_c.defined() ? in.gen_c.slice(0, 0, n) : at::Tensor();
    const auto [img, ws] = run_generator(in.gen_z.slice(0, 0, n), c, random);
    const at::Tensor noise = random.normal(img.sizes()).to(img.device()) /
                             std::sqrt(static_cast<double>(img.size(2)) * static_cast<double>(img.size(3)));
    const at::Tensor slopes = gradient_of((img * noise).sum(), ws);
    const at::Tensor lengths = slopes.square().sum(at::IntArrayRef{2}).mean(at::IntArrayRef{1}).sqrt();
    // The gradient passes through the moving average too; only what is kept is cut off.
    const at::Tensor length = lengths.mean();
    at::Tensor mean = pl_mean.lerp(length, options_.pl_decay);
    at::Tensor through_mean;
    if (over_ranks) {
        // The average moves by the lengths on all ranks, so how the loss follows it is a matter of all of them, too: of
        // the mean of (length - average) over the whole batch, times what this rank's lengths add to the average.
        const at::Tensor whole = at::full_like(length, over_ranks(length.item<double>())).detach();
        mean = pl_mean.lerp(whole, options_.pl_decay);
        through_mean = (whole - mean) * (-2 * options_.pl_decay) * (length - length.detach());
    }
    pl_mean = mean.detach();
    const at::Tensor penalty = (lengths - mean).square();
    const at::Tensor loss = penalty * options_.pl_weight;
    report.report("Loss/pl_penalty", penalty);
    report.report("Loss/G/reg", loss);
    tell("ws", ws);
    tell("gen_img", img);
    tell("pl_grads", slopes);
    tell("pl_lengths", lengths);
    tell("pl_penalty", penalty);
    tell("loss", loss);
    // The zero term gives every parameter a gradient, so that Adam moves them all.
    at::Tensor total = (img.select(1, 0).select(1, 0).select(1, 0) * 0 + loss).mean();
    if (through_mean.defined()) {
        total = total + through_mean * options_.pl_weight;
    }
    backward(total * gain);
}

// What both parts of the logistic loss report; the mean of both.
at::Tensor Loss::main_loss(const at::Tensor& fake, const at::Tensor& real, Statistics& report) {
    const at::Tensor loss_fake = at::softplus(fake), loss_real = at::softplus(-real);
    report.report("Loss/D/loss", (loss_fake + loss_real).detach());
    tell("loss_gen", loss_fake);
    tell("loss_real", loss_real);
    tell("loss", loss_fake + loss_real);
    return loss_fake.mean() + loss_real.mean();
}

void Loss::discriminator(const LossInput& in, double gain, bool main, bool r1, Random& random, Statistics& report) {
    const auto report_fake = [&](const at::Tensor& logits) {
        report_logits(report, "fake", logits);
        tell("gen_logits", logits);
    };
    const auto report_real = [&](const at::Tensor& logits) {
        report_logits(report, "real", logits);
        tell("real_logits", logits);
    };
    at::Tensor fake;
    if (main) {
        const at::NoGradGuard no_grad;
        const auto [img, ws] = run_generator(in.gen_z, in.gen_c, random);
        tell("ws", ws);
        tell("gen_img", img);
        fake = img;
    }
    const at::Tensor real = in.real_img.detach().clone().requires_grad_(r1);
    if (main && !r1 && can_judge_together(fake, real)) {
        const Judged logits = judge_together(fake, in.gen_c, real, in.real_c, random);
        report_fake(logits.fake);
        report_real(logits.real);
        backward(main_loss(logits.fake, logits.real, report) * gain);
        return;
    }
    at::Tensor fake_logits;
    if (main) { // its graph is gone before the reals' begins: half the memory
        const at::Tensor logits = run_discriminator(fake, in.gen_c, random);
        report_fake(logits);
        backward(at::softplus(logits).mean() * gain);
        fake_logits = logits.detach();
    }
    const at::Tensor logits = run_discriminator(real, in.real_c, random, true);
    report_real(logits);
    at::Tensor total = (logits * 0).mean();
    if (main) {
        total = total + main_loss(fake_logits, logits, report);
    }
    if (r1) {
        const at::Tensor slopes = gradient_of(logits.sum(), real);
        const at::Tensor penalty = slopes.square().sum(at::IntArrayRef{1, 2, 3});
        const at::Tensor loss = penalty * (options_.r1_gamma / 2);
        report.report("Loss/r1_penalty", penalty);
        report.report("Loss/D/reg", loss);
        tell("r1_grads", slopes);
        tell("r1_penalty", penalty);
        if (!main) {
            tell("loss", loss);
        }
        total = total + loss.mean();
    }
    backward(total * gain);
}

} // namespace atelier::train
