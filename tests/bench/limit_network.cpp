// SPDX-License-Identifier: Apache-2.0
#include "bench/limit_network.h"

#include <chrono>

#include <ATen/ops/conv2d.h>
#include <ATen/ops/mkldnn_convolution.h>
#include <ATen/ops/mkldnn_reorder_conv2d_weight.h>
#include <ATen/ops/randn.h>
#include <c10/core/InferenceMode.h>

#include "engine/packed_conv.h"
#include "engine/up_conv.h"

namespace atelier::bench {
namespace {

using Run = std::function<at::Tensor()>;
struct Way {
    std::string name;
    Run run;
};

double best_of_three(const Run& run) {
    using Clock = std::chrono::steady_clock;
    run();
    double best = 1e30;
    for (int i = 0; i < 3; ++i) {
        const auto start = Clock::now();
        run();
        best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
    }
    return best;
}

// In oneDNN's own layout of the input, the weight and the output. w [O,I,kh,kw], x [1,I,H,W], stride 1.
Run blocked(const at::Tensor& x, const at::Tensor& w, std::vector<std::int64_t> padding) {
    const std::vector<std::int64_t> one{1, 1};
    const at::Tensor input = x.contiguous().to_mkldnn();
    const at::Tensor weight = at::mkldnn_reorder_conv2d_weight(w.contiguous().to_mkldnn(), padding, one, one, 1,
                                                               at::OptionalIntArrayRef(x.sizes()));
    return [=] { return at::mkldnn_convolution(input, weight, {}, padding, one, one, 1); };
}

Run packed(const at::Tensor& x, const at::Tensor& w) {
    const PackedConv conv(w, {1, 1}, {x.scalar_type(), x.size(2), x.size(3)});
    const at::Tensor input = x.contiguous(at::MemoryFormat::ChannelsLast);
    return [=] { return conv.forward(input); };
}

Run up(const at::Tensor& x, const at::Tensor& w, UpConv::Form form) {
    const UpConv conv(w, {x.scalar_type(), x.size(2), x.size(3)}, form);
    const at::Tensor input = x.contiguous(at::MemoryFormat::ChannelsLast);
    return [=] { return conv.forward(input).held.back(); };
}

// The four phases of the up-sampled picture as convolutions of their own, with 4, 2, 2 and 1 of the kernel's taps.
Run sub_pixel(const at::Tensor& x, const at::Tensor& w) {
    std::vector<Run> phases;
    for (const std::int64_t height : {2, 1}) {
        for (const std::int64_t width : {2, 1})
            phases.push_back(blocked(x, w.slice(2, 0, height).slice(3, 0, width), {height - 1, width - 1}));
    }
    return [phases] {
        at::Tensor last;
        for (const Run& each : phases)
            last = each();
        return last;
    };
}

} // namespace

LimitNetwork::LimitNetwork(const model::GeneratorConfig& config, at::ScalarType dtype) {
    const c10::InferenceMode inference;
    const model::SynthesisConfig& synthesis = config.synthesis;
    const auto add = [&](int in, int out, int size, bool doubles) {
        const at::Tensor x = at::randn({1, in, size, size}).to(dtype);
        const at::Tensor w = at::randn({out, in, 3, 3});
        const at::Tensor typed = w.to(dtype);
        std::vector<Way> all;
        if (doubles) {
            all.push_back({"transposed", up(x, w, UpConv::Form::transposed)});
            all.push_back({"sub-pixel", up(x, w, UpConv::Form::sub_pixel)});
            all.push_back({"sub-pixel, blocked", sub_pixel(x, typed)});
            all.push_back({"fourfold", up(x, w, UpConv::Form::fourfold)});
            all.push_back({"fourfold, blocked", blocked(x, at::randn({4 * out, in, 2, 2}).to(dtype), {1, 1})});
        } else {
            all.push_back({"channels-last", packed(x, w)});
            all.push_back({"blocked", blocked(x, typed, {1, 1})});
        }
        double least = 1e30;
        const Way* best = nullptr;
        for (const Way& each : all) {
            if (const double seconds = best_of_three(each.run); seconds < least) {
                least = seconds;
                best = &each;
            }
        }
        layers_.push_back(best->run);
        ways_.push_back(best->name);
    };
    for (const int size : model::block_resolutions(synthesis.img_resolution)) {
        const int out = synthesis.channels.at(size);
        if (size > 4)
            add(synthesis.channels.at(size / 2), out, size / 2, true);
        add(out, out, size, false);
    }
}

void LimitNetwork::run() const {
    const c10::InferenceMode inference;
    for (const Run& each : layers_)
        each();
}

} // namespace atelier::bench
