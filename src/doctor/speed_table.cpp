// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>

#include "doctor/checks.h"
#include "doctor/random_network.h"
#include "engine/loaded_model.h"
#include "engine/renderer.h"
#include "ops/cpu_features.h"
#include "ops/device.h"
#include "train/networks.h"

namespace atelier::doctor {
namespace {

// The shortest of some pictures, none of which was there before. The first one prepares what is kept.
double ms_of(Renderer& renderer, Precision precision) {
    using Clock = std::chrono::steady_clock;
    RenderParams params;
    params.walk.seeds = {1, 2};
    params.precision = precision;
    PixelBuffer picture;
    double best = 1e30, sum = 0;
    for (int i = 0; i < 40 && (i < 4 || sum < 1500); ++i) {
        params.position = i * 0.02;
        const auto start = Clock::now();
        renderer.render(params, picture);
        const double ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
        if (i > 0) {
            best = std::min(best, ms);
            sum += ms;
        }
    }
    return best;
}

} // namespace

void measure_speed(const std::string& device_name, int largest, const std::function<void(const Speed&)>& told) {
    const c10::Device device = choose_device(device_name);
    std::vector<std::pair<Precision, const char*>> precisions{{Precision::fp32, "fp32"}};
    if (!device.is_cpu())
        precisions.emplace_back(Precision::fp16, "fp16");
    else if (ops::cpu_has_fast_bf16())
        precisions.emplace_back(Precision::bf16, "bf16");
    for (int resolution = 64; resolution <= largest; resolution *= 2) {
        Speed speed;
        speed.resolution = resolution;
        model::GeneratorConfig config = network_config(resolution, resolution <= 64);
        config.synthesis.num_fp16_res = device.is_cpu() ? 0 : 4;
        const model::Generator network = random_network(config);
        const auto model = make_loaded_model(train::copy_of(network, device), "random", 0);
        for (const auto& [precision, name] : precisions) {
            Renderer renderer(model);
            speed.ms[name] = ms_of(renderer, precision);
        }
        told(speed);
    }
}

} // namespace atelier::doctor
