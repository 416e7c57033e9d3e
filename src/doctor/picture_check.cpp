// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include "base/error.h"
#include "doctor/checks.h"
#include "doctor/random_network.h"
#include "engine/device_synthesis.h"
#include "engine/latent_resolver.h"
#include "engine/loaded_model.h"
#include "engine/pack.h"
#include "engine/renderer.h"
#include "engine/weights.h"
#include "ops/cpu_features.h"
#include "ops/device.h"
#include "ops/device_queue.h"
#include "ops/seeded_noise.h"
#include "train/networks.h"

namespace atelier::doctor {
namespace {

RenderParams one_seed(Precision precision) {
    RenderParams params;
    params.walk.seeds = {7};
    params.precision = precision;
    return params;
}

PixelBuffer picture_of(const std::shared_ptr<const LoadedModel>& model, Precision precision) {
    Renderer renderer(model);
    PixelBuffer picture;
    renderer.render(one_seed(precision), picture);
    return picture;
}

// By the network as it is written down, whose numbers the reference tests judge.
PixelBuffer plain_picture(const LoadedModel& model) {
    const model::Generator& generator = model.weights().generator;
    LatentResolver latents(generator);
    model::SynthesisOptions options;
    options.force_fp32 = true;
    PixelBuffer picture;
    pack_rgba(generator.synthesis.forward(latents.ws(one_seed(Precision::fp32)), options), picture);
    return picture;
}

struct Difference {
    int largest = 0; // steps of 255
    double psnr = 0; // dB
};

Difference between(const PixelBuffer& a, const PixelBuffer& b) {
    if (a.rgba.size() != b.rgba.size())
        fail("the picture has {}x{} pixels instead of {}x{}", a.width, a.height, b.width, b.height);
    Difference found;
    double squares = 0;
    for (std::size_t i = 0; i < a.rgba.size(); ++i) {
        const int difference = std::abs(a.rgba[i] - b.rgba[i]);
        found.largest = std::max(found.largest, difference);
        squares += difference * difference;
    }
    squares /= static_cast<double>(a.rgba.size()) * 3 / 4; // alpha is always the same
    found.psnr = squares > 0 ? 10 * std::log10(255 * 255 / squares) : INFINITY;
    return found;
}

// The second picture is recorded where the device can, the third repeats it with another latent; each against the one
// that is drawn on the CPU.
std::string repeated(const model::Generator& network, c10::Device device) {
    const model::Generator there = train::copy_of(network, device);
    const ops::DeviceQueue queue(device, ops::Urgency::viewer);
    const ops::OnQueue on(queue);
    DeviceSynthesis way(there, device), plain(network, c10::kCPU);
    const PictureGraphs::Key key{false, NoiseMode::random};
    int largest = 0;
    for (const std::uint32_t seed : {1U, 1U, 2U, 3U}) {
        at::manual_seed(seed);
        const at::Tensor ws = at::randn({1, network.config.mapping.num_ws, network.config.mapping.w_dim});
        PixelBuffer a, b;
        pack_rgba(way.forward(ws, key, seed), a);
        pack_rgba(plain.forward(ws, key, seed), b);
        largest = std::max(largest, between(a, b).largest);
    }
    if (largest > 1)
        fail("{} steps of 255 apart; 1 is rounding", largest);
    if (!way.graphs().trouble().empty())
        fail("the same pictures, but recording them failed: {}", way.graphs().trouble());
    return fmt::format("{} step{} of 255 apart{}", largest, largest == 1 ? "" : "s",
                       device.is_cpu() ? "; the CPU records nothing" : "");
}

} // namespace

Check check_noise(const std::string& device_name) {
    const c10::Device device = choose_device(device_name);
    if (device.is_cpu())
        return {"seeded noise on the device", Result::impossible, "the CPU draws it itself"};
    return checked("seeded noise on the device, bit for bit", [&] {
        const at::Tensor seed = at::tensor({7}, at::kInt).to(device);
        for (const std::int64_t count : {24, 65536, 1000003}) {
            const at::Tensor got = DeviceSynthesis::noise_of(seed, 3, count).cpu();
            at::Tensor wanted = at::empty({count}, at::kFloat);
            ops::seeded_noise(7, 3, wanted.mutable_data_ptr<float>(), count);
            if (!got.equal(wanted))
                fail("{} of {} numbers differ", (got != wanted).sum().item<std::int64_t>(), count);
        }
        return std::string("the same bits");
    });
}

void check_pictures(const std::string& device_name, const Told& told) {
    const c10::InferenceMode inference;
    const c10::Device device = choose_device(device_name);
    const model::Generator network = random_network(network_config(128, true));
    const auto on_cpu = make_loaded_model(network, "random", 0);
    const auto on_device = make_loaded_model(train::copy_of(network, device), "random", 0);
    const auto exact = [&](const PixelBuffer& a, const PixelBuffer& b) {
        const Difference found = between(a, b);
        if (found.largest > 1)
            fail("{} steps of 255 apart; 1 is rounding", found.largest);
        return fmt::format("{} step{} of 255 apart", found.largest, found.largest == 1 ? "" : "s");
    };
    const auto close = [&](const PixelBuffer& a, const PixelBuffer& b) {
        const Difference found = between(a, b);
        if (!(found.psnr >= 40))
            fail("{:.1f} dB from float32; 40 dB would be right", found.psnr);
        return fmt::format("{:.1f} dB from float32", found.psnr);
    };
    told(check_noise(device_name));
    told(checked("pictures drawn call by call, recorded and repeated", [&] { return repeated(network, device); }));
    if (!device.is_cpu()) {
        told(checked("picture in float32, the device's against the CPU's", [&] {
            return exact(picture_of(on_device, Precision::fp32), picture_of(on_cpu, Precision::fp32));
        }));
        told(checked("picture in float16", [&] {
            return close(picture_of(on_device, Precision::fp16), picture_of(on_cpu, Precision::fp32));
        }));
        return;
    }
    told(checked("picture in float32, the fast way against the plain one",
                 [&] { return exact(picture_of(on_cpu, Precision::fp32), plain_picture(*on_cpu)); }));
    if (ops::cpu_has_fast_bf16())
        told(checked("picture in bfloat16",
                     [&] { return close(picture_of(on_cpu, Precision::bf16), picture_of(on_cpu, Precision::fp32)); }));
    else
        told({"picture in bfloat16", Result::impossible, "this processor has no instructions for it"});
}

} // namespace atelier::doctor
