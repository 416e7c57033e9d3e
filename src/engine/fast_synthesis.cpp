// SPDX-License-Identifier: Apache-2.0
#include "engine/fast_synthesis.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <type_traits>
#include <vector>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/randn.h>

#include "engine/activations.h"
#include "engine/layer_styles.h"
#include "engine/prepared_synthesis.h"
#include "engine/thread_floats.h"
#include "ops/parallel.h"
#include "ops/seeded_noise.h"
#include "ops/synthesis_kernels.h"

namespace atelier {
namespace {

// Scales a row count so that a thread gets a share worth waking it for.
std::int64_t grain(std::int64_t work_per_row) {
    return std::max<std::int64_t>(1, 32768 / std::max<std::int64_t>(1, work_per_row));
}

struct UpTail; // what a thread keeps floats for

struct Block {
    std::optional<LayerStyles> conv0;
    LayerStyles conv1;
    RgbStyles rgb;
    int first_w = 0, resolution = 0, height = 0, width = 0;
    // Left by the last picture: activations times the next block's styles, and the picture so far [H,W,channels].
    Activations x;
    at::Tensor img;

    Block(const PreparedBlock& block, int first)
        : conv1(*block.conv1), rgb(*block.rgb), first_w(first), resolution(block.resolution), height(block.height),
          width(block.width) {
        if (block.conv0) {
            conv0.emplace(*block.conv0);
        }
    }
    int last_w() const { return first_w + (conv0 ? 2 : 1); }
};

} // namespace

at::Tensor seeded_noise(std::uint32_t seed, int layer, int height, int width, NoiseNumbers numbers) {
    if (numbers == NoiseNumbers::counter) {
        const at::Tensor out = at::empty({1, 1, height, width}, at::kFloat);
        ops::seeded_noise(seed, static_cast<std::uint32_t>(layer), out.mutable_data_ptr<float>(), out.numel());
        return out;
    }
    // torch takes 32 bits of a seed, so that all layers had the same numbers.
    at::Generator random = at::detail::createCPUGenerator((static_cast<std::uint64_t>(layer) << 32) | seed);
    return at::randn({1, 1, height, width}, random, at::kFloat);
}

struct FastSynthesis::Impl {
    const std::shared_ptr<const PreparedSynthesis> weights;
    std::vector<Block> blocks;
    const at::ScalarType dtype;
    const int rgb_channels;
    at::Tensor convolved; // [H,W,C] before the tail, for any tiled layer
    // What the kept activations were made from.
    at::Tensor last_ws;
    Noise last_noise;
    int valid = 0; // blocks whose outputs may be used again
    int computed = 0;

    explicit Impl(std::shared_ptr<const PreparedSynthesis> prepared);
    template <typename Element> at::Tensor forward(const at::Tensor& ws, const Noise& noise, int max_resolution);
    // One layer with its tail. A block: the layer is its conv1 and also makes the picture, on top of that of `before`.
    template <typename Element>
    Activations run_layer(const LayerStyles& layer, const Activations& x, const float* next, const Noise& noise,
                          int index, Block* block, const Block* before);
    template <typename Element> Activations activations(int channels, int height, int width) const {
        return weights->by_amx ? bordered_activations<Element>(dtype, channels, height, width)
                               : plain_activations(dtype, channels, height, width);
    }
    ops::LayerTail tail_of(const LayerStyles& layer, const Noise& noise, int index, at::Tensor& drawn) const;
    void add_rgb(ops::LayerTail& tail, const Block& block) const;
    void start_picture(const Block* before, Block& block, int begin, int end) const;
    void prepare_styles(std::size_t first, std::size_t end, const std::function<const float*(int)>& w);
};

FastSynthesis::Impl::Impl(std::shared_ptr<const PreparedSynthesis> prepared)
    : weights(std::move(prepared)), dtype(weights->dtype), rgb_channels(weights->rgb_channels) {
    int first = 0;
    std::size_t largest = 0;
    for (const PreparedBlock& block : weights->blocks) {
        blocks.emplace_back(block, first);
        first += block.convolutions;
        for (const PreparedLayer* layer : {block.conv0.get(), block.conv1.get()}) {
            if (layer != nullptr && layer->tiled) {
                largest = std::max(largest, layer->tiled->output_size());
            }
        }
    }
    convolved = at::empty({static_cast<std::int64_t>(largest)}, at::kFloat);
}

// Rows of the picture so far, doubled; zero for the first block.
void FastSynthesis::Impl::start_picture(const Block* before, Block& block, int begin, int end) const {
    float* out = block.img.data_ptr<float>();
    if (before == nullptr) {
        std::fill(out + begin * block.width * rgb_channels, out + end * block.width * rgb_channels, 0.0F);
    } else {
        ops::upsample_rgb(before->img.const_data_ptr<float>(), out, before->width, before->height, rgb_channels,
                          weights->taps.data(), begin, end);
    }
}

// What depends on the layer and the noise alone. drawn keeps the noise alive.
ops::LayerTail FastSynthesis::Impl::tail_of(const LayerStyles& layer, const Noise& noise, int index,
                                            at::Tensor& drawn) const {
    const PreparedLayer& fixed = layer.weights;
    ops::LayerTail tail;
    if (noise.mode != NoiseMode::none && fixed.noise.defined()) {
        drawn = noise.mode == NoiseMode::constant
                    ? fixed.noise
                    : seeded_noise(noise.seed, index, fixed.height, fixed.width, noise.numbers);
        tail.noise = drawn.const_data_ptr<float>();
        tail.noise_strength = fixed.strength * noise.of_layer(index);
    }
    tail.demodulation = layer.demodulation.data();
    tail.bias = fixed.bias.const_data_ptr<float>();
    tail.gain = fixed.gain;
    tail.clamp = fixed.clamp;
    return tail;
}

void FastSynthesis::Impl::add_rgb(ops::LayerTail& tail, const Block& block) const {
    tail.rgb_weight = block.rgb.styled.data();
    tail.rgb_bias = block.rgb.weights.bias.const_data_ptr<float>();
    tail.rgb_channels = rgb_channels;
    tail.rgb_clamp = block.rgb.weights.clamp;
    tail.rgb = block.img.data_ptr<float>();
}

template <typename Element>
Activations FastSynthesis::Impl::run_layer(const LayerStyles& layer, const Activations& x, const float* next,
                                           const Noise& noise, int index, Block* block, const Block* before) {
    const PreparedLayer& fixed = layer.weights;
    const int height = fixed.height, width = fixed.width, channels = fixed.channels;
    at::Tensor drawn;
    Activations out;
    ops::LayerTail tail = tail_of(layer, noise, index, drawn);
    tail.next = next;
    if (block != nullptr) {
        block->img = at::empty({height, width, rgb_channels}, at::kFloat);
        add_rgb(tail, *block);
    }
    if (next != nullptr) {
        out = activations<Element>(channels, height, width);
    }
    // The rows are those of `first` and on.
    const auto finish = [&]<typename Sum>(ops::Rows<const Sum> rows, int first, int last) {
        if (block != nullptr) {
            start_picture(before, *block, first, last);
        }
        ops::layer_tail(rows, out.rows<Element>(first), width, channels, tail, first, last);
    };
    const std::ptrdiff_t row = std::ptrdiff_t{width} * channels;
    const std::int64_t share = grain(row);
    at::Tensor y;
    UpConv::Output apart;
    if (fixed.up) {
        ops::Phases<Element> phases;
        if (fixed.tiled) {
            y = convolved;
            fixed.tiled->run(static_cast<const float*>(x.first), y.data_ptr<float>(), {});
            phases = ops::phases_of(static_cast<const Element*>(y.const_data_ptr()), width, channels);
        } else if constexpr (std::is_same_v<Element, std::uint16_t>) {
            if (fixed.amx) {
                y = at::empty({fixed.amx->phases_size()}, dtype);
                phases = fixed.amx->run_up(static_cast<const Element*>(x.memory.const_data_ptr()),
                                           static_cast<Element*>(y.data_ptr()));
            }
        }
        if (fixed.up_conv) {
            apart = fixed.up_conv->forward(x.memory);
            phases = apart.phases<Element>();
        }
        ops::parallel_for(0, height, share, [&](std::int64_t begin, std::int64_t end) {
            const auto first = static_cast<int>(begin);
            float* scratch = thread_floats<UpTail>(static_cast<std::int64_t>(ops::up_tail_scratch(width, channels)));
            ops::up_tail(phases, out.rows<Element>(first), width, height, channels, weights->taps.data(), tail, first,
                         static_cast<int>(end), scratch);
        });
        return out;
    }
    const auto rows_of = [&](const at::Tensor& whole, int first) {
        return ops::Rows<const Element>{static_cast<const Element*>(whole.const_data_ptr()) + first * row, row};
    };
    // Without a filter in between, a thread goes on with the rows that it has just made.
    if (fixed.tiled) {
        fixed.tiled->run(static_cast<const float*>(x.first), convolved.data_ptr<float>(),
                         [&](int first, int last) { finish(rows_of(convolved, first), first, last); });
    } else if (fixed.amx) {
        if constexpr (std::is_same_v<Element, std::uint16_t>) {
            fixed.amx->run(static_cast<const Element*>(x.memory.const_data_ptr()), finish);
        }
    } else {
        y = fixed.packed->forward(x.memory);
        ops::parallel_for(0, height, share, [&](std::int64_t begin, std::int64_t end) {
            finish(rows_of(y, static_cast<int>(begin)), static_cast<int>(begin), static_cast<int>(end));
        });
    }
    return out;
}

// Of blocks first to end-1, and of the layer that reads what the last of them leaves.
void FastSynthesis::Impl::prepare_styles(std::size_t first, std::size_t end,
                                         const std::function<const float*(int)>& w) {
    RowWork styles, demodulations;
    for (std::size_t i = first; i < end; ++i) {
        Block& block = blocks[i];
        if (block.conv0) {
            block.conv0->add_to(styles, demodulations, w(block.first_w));
        }
        block.conv1.add_to(styles, demodulations, w(block.last_w() - 1));
        block.rgb.styles.add_to(styles, w(block.last_w()));
    }
    if (first < end && end < blocks.size()) {
        blocks[end].conv0->styles.add_to(styles, w(blocks[end].first_w));
    }
    styles.run();
    demodulations.run();
    for (std::size_t i = first; i < end; ++i) {
        blocks[i].rgb.weigh();
    }
}

template <typename Element>
at::Tensor FastSynthesis::Impl::forward(const at::Tensor& input, const Noise& noise, int max_resolution) {
    const at::Tensor ws = input.contiguous();
    const std::int64_t w_dim = ws.size(2);
    const float* data = ws.const_data_ptr<float>();
    const auto w = [&](int layer) { return data + layer * w_dim; };
    // Random noise changes with its seed, so its pictures share nothing unless the seed is the same.
    const bool same_noise =
        last_noise.mode == noise.mode &&
        (noise.mode != NoiseMode::random || (last_noise.seed == noise.seed && last_noise.numbers == noise.numbers));
    int changed = 0; // first w layer that differs
    if (last_ws.defined() && same_noise) {
        const float* old = last_ws.const_data_ptr<float>();
        const auto layers = static_cast<int>(ws.size(1));
        while (changed < layers && last_noise.of_layer(changed) == noise.of_layer(changed) &&
               std::equal(w(changed), w(changed) + w_dim, old + changed * w_dim)) {
            ++changed;
        }
    }
    std::size_t start = 0;
    while (start < static_cast<std::size_t>(valid) && blocks[start].last_w() < changed) {
        ++start;
    }
    std::size_t end = 1;
    while (end < blocks.size() && blocks[end].resolution <= max_resolution) {
        ++end;
    }
    valid = static_cast<int>(std::min(start, end)); // until this picture is done
    last_ws = ws.clone();
    last_noise = noise;
    computed = 0;
    prepare_styles(start, end, w);
    for (std::size_t i = start; i < end; ++i, ++computed) {
        Block& block = blocks[i];
        const bool last = i + 1 == blocks.size();
        Activations x;
        const int layer = block.last_w();
        if (block.conv0) {
            x = run_layer<Element>(*block.conv0, blocks[i - 1].x, block.conv1.styles.out.data(), noise, layer - 2,
                                   nullptr, nullptr);
        } else {
            const at::Tensor& constant = weights->constant;
            const auto channels = static_cast<int>(constant.size(1));
            x = activations<Element>(channels, block.height, block.width);
            for (int y = 0; y < block.height; ++y) {
                ops::scale_channels(constant.const_data_ptr<float>() + std::ptrdiff_t{y} * block.width * channels,
                                    block.conv1.styles.out.data(), x.rows<Element>(y).first, block.width, channels);
            }
        }
        const float* next = nullptr;
        if (!last) {
            next = blocks[i + 1].conv0->styles.out.data();
        }
        block.x = run_layer<Element>(block.conv1, x, next, noise, layer - 1, &block, i == 0 ? nullptr : &blocks[i - 1]);
        valid = static_cast<int>(i) + 1;
    }
    return blocks[end - 1].img.permute({2, 0, 1}).unsqueeze(0);
}

bool FastSynthesis::supports(const model::Generator& generator) {
    const model::SynthesisConfig& config = generator.config.synthesis;
    const at::Tensor& filter = generator.synthesis.blocks.back().resample_filter;
    if (!filter.device().is_cpu() || config.architecture != model::Architecture::skip ||
        config.activation != ops::Activation::lrelu || filter.dim() != 2 || filter.size(0) != 4 ||
        filter.size(1) != 4) {
        return false;
    }
    const at::Tensor row = filter.sum(0);
    return (at::outer(row, row) - filter).abs().max().item<double>() < 1e-7;
}

FastSynthesis::FastSynthesis(std::shared_ptr<const PreparedSynthesis> weights)
    : impl_(std::make_unique<Impl>(std::move(weights))) {}

FastSynthesis::FastSynthesis(const model::Generator& generator, at::ScalarType dtype)
    : FastSynthesis(std::make_shared<const PreparedSynthesis>(generator, dtype)) {}

FastSynthesis::~FastSynthesis() = default;

at::Tensor FastSynthesis::forward(const at::Tensor& ws, const Noise& noise, int max_resolution) {
    return impl_->dtype == at::kFloat ? impl_->forward<float>(ws, noise, max_resolution)
                                      : impl_->forward<std::uint16_t>(ws, noise, max_resolution);
}

void FastSynthesis::share_memory_of(const FastSynthesis& other) {
    if (impl_->convolved.numel() == other.impl_->convolved.numel()) {
        impl_->convolved = other.impl_->convolved;
    }
}

int FastSynthesis::blocks_computed() const {
    return impl_->computed;
}

} // namespace atelier
