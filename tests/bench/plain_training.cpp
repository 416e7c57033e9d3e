// SPDX-License-Identifier: Apache-2.0
#include "bench/plain_training.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>

#include <torch/csrc/autograd/autograd.h>

#include "base/error.h"
#include "bench/plain_network.h"
#include "train/grid.h"

namespace atelier::bench {
namespace {

at::Tensor plain_dense(const model::FullyConnected& layer, const at::Tensor& x) {
    const at::Tensor y = at::linear(x, layer.weight * layer.weight_gain, layer.bias * layer.bias_gain);
    return layer.activation == ops::Activation::linear ? y : at::leaky_relu(y, 0.2) * std::sqrt(2.0);
}

at::Tensor plain_mapping(const model::Mapping& mapping, const at::Tensor& z) {
    at::Tensor x = model::normalize_2nd_moment(z);
    for (const model::FullyConnected& layer : mapping.layers) {
        x = plain_dense(layer, x);
    }
    return x;
}

at::Tensor plain_layer(const model::SynthesisLayer& layer, const at::Tensor& x, const at::Tensor& w,
                       train::Random& random) {
    const at::Tensor y =
        plain_modulated_conv2d(x, layer.weight, plain_dense(layer.affine, w), layer.resample_filter, layer.up, true);
    const at::Tensor noise = random.normal({x.size(0), 1, layer.height, layer.width});
    return plain_bias_lrelu(y + noise * layer.noise_strength, layer.bias);
}

at::Tensor plain_rgb(const model::ToRgb& layer, const at::Tensor& x, const at::Tensor& w) {
    const at::Tensor s = plain_dense(layer.affine, w) * layer.weight_gain;
    return plain_modulated_conv2d(x, layer.weight, s, {}, 1, false) + layer.bias.reshape({1, -1, 1, 1});
}

at::Tensor twice_as_large(const at::Tensor& img, const at::Tensor& fir) {
    const auto n = img.size(0), c = img.size(1), h = img.size(2), w = img.size(3);
    const at::Tensor wide = at::constant_pad_nd(img.reshape({n, c, h, 1, w, 1}), {0, 1, 0, 0, 0, 1});
    return plain_fir(wide.reshape({n, c, h * 2, w * 2}), fir, 2, 1, 4);
}

// A layer of the discriminator: half the size by a filter over every pixel and a convolution with stride 2.
at::Tensor plain_conv(const model::ConvLayer& layer, const at::Tensor& x) {
    std::int64_t pad = layer.kernel / 2;
    at::Tensor y = x;
    if (layer.down == 2) {
        const int around = layer.kernel / 2 + 1;
        y = plain_fir(y, layer.resample_filter, around, around, 1);
        pad = 0;
    }
    y = at::conv2d(y, layer.weight * layer.weight_gain, {}, at::IntArrayRef{layer.down, layer.down},
                   at::IntArrayRef{pad, pad});
    return layer.bias.defined() ? plain_bias_lrelu(y, layer.bias) : y;
}

void check(const train::Networks& networks, const train::TrainerSettings& s) {
    const model::SynthesisConfig& g = networks.g.config.synthesis;
    const model::DiscriminatorConfig& d = networks.d.config;
    const auto lrelu = ops::Activation::lrelu;
    const bool generator = g.architecture == model::Architecture::skip && g.activation == lrelu && !g.conv_clamp &&
                           g.use_noise && g.resample_filter.size() == 4 && networks.g.config.mapping.c_dim == 0 &&
                           networks.g.config.mapping.activation == lrelu;
    const bool discriminator = d.architecture == model::Architecture::resnet && d.activation == lrelu &&
                               d.epilogue_activation == lrelu && !d.conv_clamp && d.resample_filter.size() == 4 &&
                               d.c_dim == 0 && d.mbstd_num_channels > 0;
    const bool loop = s.batch_gpu >= s.batch && s.g_reg_interval && s.d_reg_interval && !s.ada.target &&
                      s.freeze_g == 0 && s.loss.noise == NoiseMode::random && s.loss.style_mixing_prob > 0 &&
                      s.loss.pl_weight > 0;
    if (!generator || !discriminator || !loop) {
        fail("Plain training is of an unconditional skip generator and residual discriminator with leaky ReLU, random "
             "noise, 4 taps and no clamp, with lazy regularisation, one round and a fixed p only.");
    }
}

void backward(const at::Tensor& loss) {
    torch::autograd::backward({loss}, {});
}

at::Tensor gradient_of(const at::Tensor& y, const at::Tensor& x) {
    return torch::autograd::grad({y}, {x}, {}, true, true).front();
}

} // namespace

at::Tensor plain_synthesis(const model::Synthesis& synthesis, const at::Tensor& ws, train::Random& random) {
    at::Tensor x = synthesis.blocks.front().const_input.unsqueeze(0).repeat({ws.size(0), 1, 1, 1}), img;
    std::int64_t layer = 0;
    for (const model::SynthesisBlock& block : synthesis.blocks) {
        if (block.conv0) {
            x = plain_layer(*block.conv0, x, ws.select(1, layer++), random);
        }
        x = plain_layer(block.conv1, x, ws.select(1, layer++), random);
        // The picture takes the w of the next block's first layer.
        const at::Tensor rgb = plain_rgb(*block.torgb, x, ws.select(1, layer));
        img = img.defined() ? twice_as_large(img, block.resample_filter) + rgb : rgb;
    }
    return img;
}

at::Tensor plain_discriminator(const model::Discriminator& d, const at::Tensor& img) {
    at::Tensor x = plain_conv(*d.blocks.front().fromrgb, img);
    for (const model::DiscriminatorBlock& block : d.blocks) {
        const at::Tensor residual = plain_conv(*block.skip, x);
        x = (residual + plain_conv(block.conv1, plain_conv(block.conv0, x))) * std::sqrt(0.5);
    }
    x = model::minibatch_std(x, d.config.mbstd_group_size, d.config.mbstd_num_channels);
    x = plain_conv(d.conv, x);
    return plain_dense(d.out, plain_dense(d.fc, x.flatten(1)));
}

PlainAdam::PlainAdam(std::vector<at::Tensor> parameters, const train::AdamOptions& options) : options_(options) {
    for (at::Tensor& parameter : parameters) {
        states_.push_back({parameter, at::zeros_like(parameter), at::zeros_like(parameter)});
    }
}

void PlainAdam::begin() {
    for (State& state : states_) {
        state.parameter.requires_grad_(true);
        state.parameter.mutable_grad().reset();
    }
}

void PlainAdam::step() {
    const at::NoGradGuard no_grad;
    for (State& s : states_) {
        at::Tensor gradient = s.parameter.grad();
        if (gradient.defined()) {
            gradient.nan_to_num_(0, 1e5, -1e5);
            ++s.steps;
            s.first.mul_(options_.beta1).add_(gradient, 1 - options_.beta1);
            s.second.mul_(options_.beta2).addcmul_(gradient, gradient, 1 - options_.beta2);
            const double first = 1 - std::pow(options_.beta1, s.steps), second = 1 - std::pow(options_.beta2, s.steps);
            const at::Tensor deviation = (s.second.sqrt() / std::sqrt(second)).add_(options_.eps);
            s.parameter.addcdiv_(s.first, deviation, -options_.lr / first);
        }
        s.parameter.mutable_grad().reset();
        s.parameter.requires_grad_(false);
    }
}

PlainTrainer::PlainTrainer(train::Networks n, const train::TrainerSettings& s)
    : networks(std::move(n)), pl_mean(at::zeros({})), settings_(s),
      g_adam_(train::trainable(networks.g, 0), train::lazy_options(s.g_adam, s.g_reg_interval)),
      d_adam_(train::trainable(networks.d), train::lazy_options(s.d_adam, s.d_reg_interval)) {
    check(networks, s);
    if (s.augment) {
        pipe_.emplace(*s.augment);
    }
}

PlainTrainer::Generated PlainTrainer::generate(const at::Tensor& z, train::Random& random) {
    model::Mapping& mapping = networks.g.mapping;
    const std::int64_t num_ws = mapping.config.num_ws;
    const at::Tensor w = plain_mapping(mapping, z);
    {
        const at::NoGradGuard no_grad;
        mapping.update_w_avg(w);
    }
    at::Tensor ws = w.unsqueeze(1).repeat({1, num_ws, 1});
    // All three are drawn whether the styles are mixed or not, as in train::Loss.
    const std::int64_t cutoff = random.integer(1, num_ws);
    const bool mix = random.uniform({}).item<float>() < settings_.loss.style_mixing_prob;
    const at::Tensor other_z = random.normal(z.sizes());
    if (mix) {
        const at::Tensor other = plain_mapping(mapping, other_z).unsqueeze(1).repeat({1, num_ws - cutoff, 1});
        ws = at::cat({ws.slice(1, 0, cutoff), other}, 1);
    }
    return {plain_synthesis(networks.g.synthesis, ws, random), ws};
}

at::Tensor PlainTrainer::logits(const at::Tensor& img, train::Random& random) const {
    const double p = static_cast<float>(settings_.p);
    return plain_discriminator(networks.d, pipe_ ? pipe_->forward(img, p, random, settings_.debug_percentile) : img);
}

void PlainTrainer::generator_main(const at::Tensor& z, train::Random& random) {
    backward(at::softplus(-logits(generate(z, random).img, random)).mean());
}

void PlainTrainer::generator_regularize(const at::Tensor& z, train::Random& random) {
    const train::LossOptions& o = settings_.loss;
    const auto [img, ws] = generate(z.slice(0, 0, std::max<std::int64_t>(z.size(0) / o.pl_batch_shrink, 1)), random);
    const double pixels = static_cast<double>(img.size(2)) * static_cast<double>(img.size(3));
    const at::Tensor noise = random.normal(img.sizes()) / std::sqrt(pixels);
    const at::Tensor slopes = gradient_of((img * noise).sum(), ws);
    const at::Tensor lengths = slopes.square().sum(at::IntArrayRef{2}).mean(at::IntArrayRef{1}).sqrt();
    const at::Tensor mean = pl_mean.lerp(lengths.mean(), o.pl_decay);
    pl_mean = mean.detach();
    const at::Tensor loss = (lengths - mean).square() * o.pl_weight;
    // The zero term gives every parameter a gradient.
    backward((img.select(1, 0).select(1, 0).select(1, 0) * 0 + loss).mean() * *settings_.g_reg_interval);
}

void PlainTrainer::discriminator_main(const at::Tensor& z, const at::Tensor& real, train::Random& random) {
    at::Tensor fake;
    {
        const at::NoGradGuard no_grad;
        fake = generate(z, random).img;
    }
    backward(at::softplus(logits(fake, random)).mean());
    backward(at::softplus(-logits(real, random)).mean());
}

void PlainTrainer::discriminator_regularize(const at::Tensor& real, train::Random& random) {
    const at::Tensor pictures = real.clone().requires_grad_(true);
    const at::Tensor seen = logits(pictures, random);
    const at::Tensor slopes = gradient_of(seen.sum(), pictures);
    const at::Tensor loss = slopes.square().sum(at::IntArrayRef{1, 2, 3}) * (settings_.loss.r1_gamma / 2);
    backward((seen * 0 + loss.unsqueeze(1)).mean() * *settings_.d_reg_interval);
}

void PlainTrainer::iterate(const train::IterationInput& in, train::Random& random) {
    struct Phase {
        const char* name;
        int interval;
        PlainAdam& adam;
        std::function<void(const at::Tensor& z)> gradients;
    };
    const at::Tensor real = train::to_floats(in.real);
    const Phase phases[] = {
        {"Gmain", 1, g_adam_, [&](const at::Tensor& z) { generator_main(z, random); }},
        {"Greg", *settings_.g_reg_interval, g_adam_, [&](const at::Tensor& z) { generator_regularize(z, random); }},
        {"Dmain", 1, d_adam_, [&](const at::Tensor& z) { discriminator_main(z, real, random); }},
        {"Dreg", *settings_.d_reg_interval, d_adam_,
         [&](const at::Tensor&) { discriminator_regularize(real, random); }},
    };
    std::int64_t first = 0; // row of gen_z
    for (const Phase& phase : phases) {
        if (iterations % phase.interval == 0) {
            const auto start = std::chrono::steady_clock::now();
            phase.adam.begin();
            phase.gradients(in.gen_z.slice(0, first, first + settings_.batch));
            phase.adam.step();
            phase_ms[phase.name] =
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
        }
        first += settings_.batch;
    }
    average_weights();
    images_ += settings_.batch;
    ++iterations;
}

void PlainTrainer::average_weights() {
    const at::NoGradGuard no_grad;
    const double beta =
        train::ema_beta(static_cast<double>(images_), settings_.batch, settings_.ema_kimg, settings_.ema_rampup);
    const auto& from = networks.g.parameters.all();
    const auto& to = networks.g_ema.parameters.all();
    for (std::size_t i = 0; i < from.size(); ++i) {
        at::Tensor target = to[i].value;
        target.copy_(from[i].buffer ? from[i].value : from[i].value.lerp(target, beta));
    }
}

} // namespace atelier::bench
