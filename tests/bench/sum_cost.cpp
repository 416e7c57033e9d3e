// SPDX-License-Identifier: Apache-2.0
// What the ranks of a run wait for when they add up gradients: seconds of a step's sums with nothing else to do, as
// JSON.
//   mpirun -np 2 --bind-to none atelier_sum_cost PX TIMES
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include <ATen/ops/ones.h>
#include <nlohmann/json.hpp>

#include "ops/threads.h"
#include "ranks/launch.h"
#include "train/config.h"
#include "train/networks.h"
#include "train/ranks.h"

namespace {

using namespace atelier;

// One for each parameter, as its gradient is.
std::vector<at::Tensor> like(const model::Parameters& parameters) {
    std::vector<at::Tensor> all;
    for (const model::Parameter& parameter : parameters.all()) {
        if (!parameter.buffer) {
            all.push_back(at::ones(parameter.value.sizes()));
        }
    }
    return all;
}

double megabytes(const std::vector<at::Tensor>& tensors) {
    double bytes = 0;
    for (const at::Tensor& tensor : tensors) {
        bytes += static_cast<double>(tensor.nbytes());
    }
    return bytes / 1e6;
}

double median_seconds(train::Ranks& ranks, const std::vector<at::Tensor>& tensors, int times) {
    std::vector<double> seconds;
    for (int i = 0; i < times; ++i) {
        ranks.gather(""); // all begin together
        const auto begin = std::chrono::steady_clock::now();
        ranks.sum(tensors);
        seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    std::sort(seconds.begin(), seconds.end());
    return seconds[seconds.size() / 2];
}

} // namespace

int main(int argc, char** argv) {
    const int times = argc == 3 ? std::atoi(argv[2]) : 0;
    if (times < 1) {
        std::fprintf(stderr, "usage: mpirun -np N atelier_sum_cost PX TIMES\n");
        return 2;
    }
    const std::unique_ptr<ranks::Communicator> others = ranks::join();
    if (!others) {
        std::fprintf(stderr, "atelier_sum_cost: alone there is nothing to add up; start it with mpirun -np 2.\n");
        return 2;
    }
    set_operation_threads(1);
    train::WatchedRanks ranks(*others, {});
    train::TrainFacts facts;
    facts.resolution = std::atoi(argv[1]);
    facts.pictures = 70'000;
    const train::TrainConfig config = train::resolve({}, facts);
    const train::Networks networks = train::fresh_networks(config.g, config.d, 1, at::kCPU);
    const std::vector<at::Tensor> g = like(networks.g.parameters), d = like(networks.d.parameters);
    const double of_g = median_seconds(ranks, g, times), of_d = median_seconds(ranks, d, times);
    if (ranks.first()) {
        // Greg comes every 4th step, Dreg every 16th.
        const nlohmann::ordered_json told{{"px", facts.resolution},
                                          {"ranks", ranks.size()},
                                          {"megabytes_a_step", megabytes(g) * 1.25 + megabytes(d) * 1.0625},
                                          {"seconds", {{"G", of_g}, {"D", of_d}}},
                                          {"seconds_a_step", of_g * 1.25 + of_d * 1.0625}};
        std::printf("%s\n", told.dump().c_str());
    }
    return 0;
}
