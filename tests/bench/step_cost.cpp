// SPDX-License-Identifier: Apache-2.0
// What one step of the automatic configuration costs: processor seconds of each phase, and how many parameters there
// are, as JSON for scripts/scaling.py. By processor time, so that other work on the machine counts little.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>

#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>
#include <nlohmann/json.hpp>

#include "ops/cpu_features.h"
#include "ops/threads.h"
#include "train/config.h"
#include "train/networks.h"

int main(int argc, char** argv) {
    using namespace atelier;
    using namespace atelier::train;
    if (argc != 3) {
        std::fprintf(stderr, "usage: atelier_step_cost PX PICTURES\n");
        return 2;
    }
    set_operation_threads(1);
    TrainFacts facts;
    facts.resolution = std::atoi(argv[1]);
    facts.pictures = 70'000;
    TrainOptions options;
    options.batch = std::atoi(argv[2]);
    TrainConfig config = resolve(options, facts);
    // As a run on this processor has it (train/run.cpp).
    config.trainer.loss.channels_last = true;
    config.trainer.loss.force_fp32 = !ops::cpu_has_fast_bf16();
    config.trainer.loss.half = at::kBFloat16;
    config.trainer.p = 0.3;
    Trainer trainer(fresh_networks(config.g, config.d, 1, at::kCPU), config.trainer, 1);

    const std::int64_t batch = *options.batch, rows = trainer.phases() * batch;
    const IterationInput input{at::randint(0, 256, {batch, 3, facts.resolution, facts.resolution}, at::kByte),
                               at::zeros({batch, 0}), at::randn({rows, config.g.mapping.z_dim}), at::zeros({rows, 0})};
    std::vector<std::clock_t> marks; // every phase is due in the first step, in one round
    trainer.before_round = [&](int /*batch_gpu*/) { marks.push_back(std::clock()); };
    trainer.iterate(input);
    marks.push_back(std::clock());

    nlohmann::ordered_json told{{"batch", batch}, {"threads", 1}, {"bf16", !config.trainer.loss.force_fp32}};
    const char* names[] = {"Gmain", "Greg", "Dmain", "Dreg"};
    for (std::size_t i = 0; i + 1 < marks.size() && i < 4; ++i) {
        told["seconds_a_picture"][names[i]] =
            static_cast<double>(marks[i + 1] - marks[i]) / CLOCKS_PER_SEC / static_cast<double>(batch);
    }
    told["parameters"] = {{"G", trainer.networks.g.parameters.count(false)},
                          {"D", trainer.networks.d.parameters.count(false)}};
    std::printf("%s\n", told.dump().c_str());
}
