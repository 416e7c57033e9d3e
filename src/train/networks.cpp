// SPDX-License-Identifier: Apache-2.0
#include "train/networks.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "model/load.h"

namespace atelier::train {
namespace {

model::TensorSource copies(const model::Parameters& parameters, c10::Device device) {
    return [&parameters, device](const std::string& name, at::IntArrayRef, bool buffer, const model::Init&) {
        return model::Parameter{name, parameters.find(name)->detach().to(device, at::kFloat).clone(), buffer};
    };
}

// A discriminator for what that generator makes, of its width.
model::DiscriminatorConfig fitted(model::DiscriminatorConfig d, const model::SynthesisConfig& g) {
    d.img_resolution = g.img_resolution;
    d.first_block = g.first_block;
    d.img_channels = g.img_channels;
    d.channels = g.channels;
    return d;
}

} // namespace

model::Generator copy_of(const model::Generator& generator, c10::Device device) {
    return {generator.config, copies(generator.parameters, device)};
}

model::Discriminator copy_of(const model::Discriminator& discriminator, c10::Device device) {
    return {discriminator.config, copies(discriminator.parameters, device)};
}

Networks fresh_networks(const model::GeneratorConfig& g, const model::DiscriminatorConfig& d, std::uint64_t seed,
                        c10::Device device) {
    at::manual_seed(seed);
    const model::Generator generator(g, model::random_source());
    const model::Discriminator discriminator(d, model::random_source());
    return {copy_of(generator, device), copy_of(generator, device), copy_of(discriminator, device)};
}

Networks networks_from(const io::CheckpointFile& file, const std::string& path, const model::DiscriminatorConfig& d,
                       int freeze_d, std::uint64_t seed, c10::Device device, std::vector<std::string>& warnings) {
    const char* ema = file.networks.contains("G_ema") ? "G_ema" : "G";
    const char* raw = file.networks.contains("G") ? "G" : "G_ema";
    if (!file.networks.contains(ema)) {
        fail("{} holds no generator, so it can't be trained on: neither G nor G_ema is in it.", path);
    }
    const model::Generator g_ema = model::load_generator(file.networks.at(ema), path + ": " + ema, warnings);
    std::vector<std::string> repeated;
    const model::Generator g =
        model::load_generator(file.networks.at(raw), path + ": " + raw, ema == raw ? repeated : warnings);
    const auto with_discriminator = [&](const model::Discriminator& loaded) {
        model::DiscriminatorConfig config = loaded.config;
        config.freeze_layers = freeze_d;
        const model::Discriminator frozen(config, copies(loaded.parameters, device));
        return Networks{copy_of(g, device), copy_of(g_ema, device), copy_of(frozen, device)};
    };
    if (file.networks.contains("D")) {
        return with_discriminator(model::load_discriminator(file, path, warnings));
    }
    warnings.push_back(fmt::format("{} holds no discriminator; a new one starts from nothing, so the first kimg may "
                                   "undo some of what the model knows.",
                                   path));
    at::manual_seed(seed);
    return with_discriminator(model::Discriminator(fitted(d, g.config.synthesis), model::random_source()));
}

std::vector<at::Tensor> trainable(const model::Generator& generator, int freeze_g) {
    std::vector<std::string> frozen;
    const std::vector<int> resolutions = model::block_resolutions(generator.config.synthesis.img_resolution);
    for (int i = 0; i < std::min<int>(freeze_g, static_cast<int>(resolutions.size())); ++i) {
        frozen.push_back(fmt::format("synthesis.b{}.", resolutions[static_cast<std::size_t>(i)]));
    }
    std::vector<at::Tensor> result;
    for (const model::Parameter& parameter : generator.parameters.all()) {
        const bool fixed = std::any_of(frozen.begin(), frozen.end(),
                                       [&](const std::string& prefix) { return parameter.name.starts_with(prefix); });
        if (!parameter.buffer && !fixed) {
            result.push_back(parameter.value);
        }
    }
    return result;
}

std::vector<at::Tensor> trainable(const model::Discriminator& discriminator) {
    std::vector<at::Tensor> result;
    for (const model::Parameter& parameter : discriminator.parameters.all()) {
        if (!parameter.buffer) {
            result.push_back(parameter.value);
        }
    }
    return result;
}

} // namespace atelier::train
