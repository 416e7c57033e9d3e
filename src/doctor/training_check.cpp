// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <ATen/ATen.h>
#include <fmt/format.h>

#include "base/error.h"
#include "doctor/checks.h"
#include "doctor/random_network.h"
#include "ops/cpu_features.h"
#include "ops/device.h"
#include "train/trainer.h"

namespace atelier::doctor {
namespace {

constexpr int resolution = 32, batch = 4;

struct Outcome {
    std::vector<at::Tensor> updates; // of all parameters, on the CPU
    std::map<std::string, double> phase_ms;
    double loss = 0; // of D
};

// One iteration, with every phase in it.
Outcome iterate(const c10::Device& device, bool half) {
    const model::GeneratorConfig g = [&] {
        model::GeneratorConfig config = network_config(resolution, true);
        config.synthesis.num_fp16_res = half ? 2 : 0;
        config.synthesis.conv_clamp = half ? std::optional<double>(256) : std::nullopt;
        return config;
    }();
    model::DiscriminatorConfig d;
    d.img_resolution = resolution;
    d.channels = g.synthesis.channels;
    d.num_fp16_res = g.synthesis.num_fp16_res;
    d.conv_clamp = g.synthesis.conv_clamp;
    train::TrainerSettings settings;
    settings.batch = settings.batch_gpu = batch;
    settings.loss.channels_last = device.is_cpu();
    settings.loss.force_fp32 = !half;
    settings.loss.half = device.is_cpu() ? at::kBFloat16 : at::kHalf;
    settings.ada.target.reset();
    train::Networks networks = train::fresh_networks(g, d, 3, device);
    std::vector<at::Tensor> before;
    const auto collect = [](const train::Networks& from) {
        std::vector<at::Tensor> all;
        for (const model::Parameters* parameters : {&from.g.parameters, &from.d.parameters}) {
            for (const model::Parameter& each : parameters->all()) {
                if (!each.buffer)
                    all.push_back(each.value.detach().to(at::kCPU, at::kDouble, false, true));
            }
        }
        return all;
    };
    before = collect(networks);
    train::Trainer trainer(std::move(networks), settings, 5);
    at::manual_seed(9);
    const std::int64_t rows = std::int64_t{batch} * trainer.phases();
    trainer.iterate({at::randint(0, 256, {batch, 3, resolution, resolution}, at::kByte), at::zeros({batch, 0}),
                     at::randn({rows, g.mapping.z_dim}), at::zeros({rows, 0})});
    Outcome outcome{collect(trainer.networks), trainer.phase_ms, trainer.statistics.get("Loss/D/loss").mean()};
    for (std::size_t i = 0; i < before.size(); ++i)
        outcome.updates[i] -= before[i];
    return outcome;
}

// How far apart the two went, of how far they went, over all parameters. Adam's first step is as long for every number,
// whatever its gradient, so a few whose gradient is all rounding may differ wholly.
double apart(const Outcome& a, const Outcome& b) {
    double difference = 0, length = 0;
    for (std::size_t i = 0; i < a.updates.size(); ++i) {
        difference += (a.updates[i] - b.updates[i]).square().sum().item<double>();
        length += b.updates[i].square().sum().item<double>();
    }
    return std::sqrt(difference / length);
}

std::string compared(const Outcome& got, const Outcome& wanted, double bound) {
    const double part = apart(got, wanted);
    if (!(part <= bound))
        fail("the update of the weights is {:.2g} of its length away; up to {:.2g} is rounding", part, bound);
    double ms = 0;
    for (const auto& [phase, took] : got.phase_ms)
        ms += took;
    return fmt::format("the update is within {:.1g}, D's loss {:.4f} and {:.4f}, {:.0f} ms", part, got.loss,
                       wanted.loss, ms);
}

} // namespace

void check_training(const std::string& device_name, const Told& told) {
    const c10::Device device = choose_device(device_name);
    std::optional<Outcome> whole;
    told(checked("training step in float32 on the CPU", [&] {
        whole = iterate(c10::kCPU, false);
        if (!std::isfinite(whole->loss))
            fail("D's loss is no number");
        return compared(iterate(c10::kCPU, false), *whole, 1e-12); // the same again, bit for bit
    }));
    if (!whole)
        return;
    if (!device.is_cpu()) {
        told(checked("training step in float32, the device's against the CPU's",
                     [&] { return compared(iterate(device, false), *whole, 0.1); }));
        told(checked("training step in float16", [&] { return compared(iterate(device, true), *whole, 0.5); }));
    } else if (ops::cpu_has_fast_bf16()) {
        told(checked("training step in bfloat16", [&] { return compared(iterate(c10::kCPU, true), *whole, 0.5); }));
    } else {
        told({"training step in bfloat16", Result::impossible, "this processor has no instructions for it"});
    }
}

} // namespace atelier::doctor
