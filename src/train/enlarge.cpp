// SPDX-License-Identifier: Apache-2.0
#include "train/enlarge.h"

#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>
#include <fmt/format.h>

#include "base/error.h"
#include "train/config_checks.h"

namespace atelier::train {
namespace {

// What has its name and shape is taken over; the rest is new.
model::TensorSource taken_over(const model::Parameters& parameters, c10::Device device) {
    return [&parameters, device, fresh = model::random_source()](const std::string& name, at::IntArrayRef shape,
                                                                 bool buffer, const model::Init& init) {
        const at::Tensor* before = parameters.find(name);
        model::Parameter made = before != nullptr && before->sizes() == shape
                                    ? model::Parameter{name, before->detach().to(at::kFloat).clone(), buffer}
                                    : fresh(name, shape, buffer, init);
        made.value = made.value.to(device);
        return made;
    };
}

// With the width of the next block: by the model's rule, or, where its file told none and the widths stand one by one,
// half the last one's if they were falling already.
model::Channels with_next(model::Channels channels, int last) {
    const int here = channels.at(last), next = 2 * last;
    int width = std::min(channels.at(next), here);
    if (channels.exceptions.contains(last)) {
        width = last > 4 && here < channels.at(last / 2) ? here / 2 : here;
    }
    if (width = std::max(width, 1); width != channels.at(next)) {
        channels.exceptions[next] = width;
    }
    return channels;
}

model::Generator doubled(const model::Generator& generator, int resolution, c10::Device device) {
    model::GeneratorConfig config = generator.config;
    config.synthesis.channels = with_next(config.synthesis.channels, config.synthesis.img_resolution);
    config.synthesis.img_resolution = resolution;
    config.mapping.num_ws = model::num_ws_of(resolution);
    return {config, [&, rest = taken_over(generator.parameters, device)](const std::string& name, at::IntArrayRef shape,
                                                                         bool buffer, const model::Init& init) {
                model::Parameter made = rest(name, shape, buffer, init);
                if (name.ends_with(".torgb.weight") && generator.parameters.find(name) == nullptr) {
                    made.value.zero_();
                }
                return made;
            }};
}

// Each channel v of the picture goes on as leaky ReLU of v and of -v, from which a layer with leaky ReLU of slope 0.2
// and the gain sqrt(2) has v again: (f(v) - f(-v)) / (1.2 sqrt(2)).
constexpr double slope = 0.2;
const double back = 1 / ((1 + slope) * std::sqrt(2.0));

bool can_pass(const model::DiscriminatorConfig& config) {
    return config.architecture == model::Architecture::resnet && config.activation == ops::Activation::lrelu &&
           config.channels.at(config.img_resolution) >= 2 * config.img_channels;
}

// A block that hands on what the first layer `weight` [out,colours,1,1] with `bias` [out] would make of the picture at
// half its sides. `weight` is what it multiplies by, not what is stored.
void pass_through(const model::DiscriminatorBlock& block, const at::Tensor& weight, const at::Tensor& bias) {
    const std::int64_t colours = weight.size(1);
    const auto centre = [](const model::ConvLayer& layer) {
        return layer.weight.select(3, layer.kernel / 2).select(2, layer.kernel / 2);
    };
    const auto first = [&](const at::Tensor& of, std::int64_t count) { return of.slice(0, 0, count); };
    const at::Tensor one = at::eye(colours, weight.options());
    const at::Tensor signs = at::cat({one, -one}); // [2 colours, colours]

    first(centre(*block.fromrgb), 2 * colours).copy_(signs / block.fromrgb->weight_gain);
    first(block.conv0.weight, 2 * colours).zero_();
    first(centre(block.conv0), 2 * colours)
        .slice(1, 0, 2 * colours)
        .copy_(at::cat({signs, -signs}, 1) * (back / block.conv0.weight_gain));
    // The block's sum is multiplied by sqrt(1/2).
    block.conv1.weight.zero_();
    const at::Tensor made = weight.flatten(1) * (std::sqrt(2.0) * back / block.conv1.weight_gain);
    centre(block.conv1).slice(1, 0, 2 * colours).copy_(at::cat({made, -made}, 1));
    block.conv1.bias.copy_(bias * std::sqrt(2.0));
    block.skip->weight.zero_();
}

model::Discriminator doubled(const model::Discriminator& before, int resolution, c10::Device device) {
    model::DiscriminatorConfig config = before.config;
    config.channels = with_next(config.channels, config.img_resolution);
    config.img_resolution = resolution;
    model::Discriminator after(config, taken_over(before.parameters, device));
    if (can_pass(config)) {
        const model::ConvLayer& fromrgb = *before.blocks.front().fromrgb;
        pass_through(after.blocks.front(), fromrgb.weight.detach() * fromrgb.weight_gain, fromrgb.bias.detach());
    }
    return after;
}

Networks doubled(const Networks& before, int resolution, std::uint64_t seed) {
    const int size = 2 * before.g.config.synthesis.img_resolution;
    const c10::Device device = before.g.parameters.device();
    const auto larger = [&](const auto& network) {
        at::manual_seed(seed + static_cast<std::uint64_t>(size)); // G and its average begin alike
        return doubled(network, size, device);
    };
    Networks after{larger(before.g), larger(before.g_ema), larger(before.d)};
    return size < resolution ? doubled(after, resolution, seed) : std::move(after);
}

// Why it can't be; empty: it can.
std::string obstacle(const Networks& networks) {
    const model::SynthesisConfig& g = networks.g.config.synthesis;
    const model::DiscriminatorConfig& d = networks.d.config;
    if (g.architecture != model::Architecture::skip) {
        return "its generator has no skip connections";
    }
    if (d.img_resolution != g.img_resolution || !(d.first_block == g.first_block)) {
        return fmt::format("its discriminator is one for {} x {} px", d.width(), d.height());
    }
    return networks.d.blocks.empty() ? "its discriminator has a single block" : "";
}

} // namespace

int larger_resolution(const model::SynthesisConfig& model, int width, int height) {
    for (int resolution = 2 * model.img_resolution; resolution <= model::largest_resolution; resolution *= 2) {
        if (model.first_block.width_at(resolution) == width && model.first_block.height_at(resolution) == height) {
            return resolution;
        }
    }
    return 0;
}

Networks enlarged(const Networks& networks, int resolution, std::uint64_t seed, std::vector<std::string>& notes) {
    const model::SynthesisConfig& before = networks.g.config.synthesis;
    if (const std::string why = obstacle(networks); !why.empty()) {
        fail("The model makes pictures of {} x {} px and can't be enlarged, since {}; prepare the training set "
             "with {}, or start from another model.",
             before.width(), before.height(), why, size_options(before));
    }
    if (networks.d.config.freeze_layers > 0) {
        fail("--freeze-d fixes the layers nearest to the picture, and those are new where a model of {} x {} px learns "
             "larger pictures; leave it out.",
             before.width(), before.height());
    }
    Networks larger = doubled(networks, resolution, seed);
    const model::SynthesisConfig& now = larger.g.config.synthesis;
    notes.push_back(
        fmt::format("The model makes pictures of {} x {} px and those of the training set are {} x {}, so it "
                    "gets layers for these, and its pictures are its own of before, enlarged, at first{}; "
                    "everything else is taken over.",
                    before.width(), before.height(), now.width(), now.height(),
                    can_pass(larger.d.config) ? "" : "; the discriminator's new layers begin from nothing"));
    return larger;
}

} // namespace atelier::train
