// SPDX-License-Identifier: Apache-2.0
#include "engine/loaded_model.h"

#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include "base/error.h"
#include "base/file_names.h"
#include "base/set_labels.h"
#include "engine/fast_synthesis.h"
#include "engine/weights.h"
#include "io/checkpoint.h"
#include "model/load.h"
#include "ops/device.h"

namespace atelier {
namespace {

// Facts of our own format's metadata that a person may want to read.
void collect_facts(const nlohmann::json& metadata, ModelInfo& info) {
    const auto text = [&](const char* label, const nlohmann::json& value) {
        if (value.is_string() && !value.get<std::string>().empty()) {
            info.facts.emplace_back(label, value.get<std::string>());
        } else if (value.is_number()) {
            info.facts.emplace_back(label, value.dump());
        }
    };
    if (!metadata.is_object()) {
        return;
    }
    for (const char* key : {"license", "origin", "dataset"}) {
        if (metadata.contains(key)) {
            text(key, metadata[key]);
        }
    }
    if (metadata.contains("training") && metadata["training"].is_object()) {
        for (const auto& [key, value] : metadata["training"].items()) {
            text(key.c_str(), value);
        }
    }
}

// Rebuilt from its own tensors, so that every layer holds the one on the device; shared where they are there already.
model::Generator rebuilt(const model::Generator& generator, const c10::Device& device) {
    const model::Parameters& parameters = generator.parameters;
    return {generator.config, [&](const std::string& name, at::IntArrayRef, bool buffer, const model::Init&) {
                return model::Parameter{name, parameters.find(name)->to(device), buffer};
            }};
}

std::shared_ptr<const LoadedModel::Weights> weights_of(model::Generator generator, const c10::Device& device,
                                                       std::uint64_t epoch) {
    auto weights = std::make_shared<LoadedModel::Weights>(LoadedModel::Weights{std::move(generator), device, epoch});
    if (!device.is_cpu()) {
        weights->mapping = model::copy_of(weights->generator.mapping, c10::kCPU);
        weights->ready = ops::DeviceMark::of(device);
    }
    return weights;
}

// What the network itself says.
void describe(const model::Generator& generator, const c10::Device& device, ModelInfo& info) {
    const model::GeneratorConfig& config = generator.config;
    info.resolution = config.synthesis.img_resolution;
    info.width = config.synthesis.width();
    info.height = config.synthesis.height();
    info.channels = config.synthesis.img_channels;
    info.z_dim = config.mapping.z_dim;
    info.w_dim = config.mapping.w_dim;
    info.c_dim = config.mapping.c_dim;
    info.num_ws = config.mapping.num_ws;
    info.architecture = model::architecture_name(config.synthesis.architecture);
    info.parameters = generator.parameters.count(false);
    info.half = !device.is_cpu()                     ? Precision::fp16
                : FastSynthesis::supports(generator) ? Precision::bf16
                                                     : Precision::fp32;
}

} // namespace

LoadedModel::LoadedModel(ModelInfo info, std::shared_ptr<const Weights> weights)
    : info_(std::make_shared<const ModelInfo>(std::move(info))), weights_(std::move(weights)) {}

LoadedModel::~LoadedModel() = default;

void LoadedModel::prepare(Precision precision) const {
    if (precision != Precision::fp16 && FastSynthesis::supports(weights_->generator)) {
        const c10::InferenceMode inference;
        weights_->prepared->get(weights_->generator, precision == Precision::bf16 ? at::kBFloat16 : at::kFloat);
    }
}

std::shared_ptr<const LoadedModel> LoadedModel::at_ratio(PictureRatio ratio) const {
    ModelInfo info = *info_;
    info.ratio = ratio;
    return std::make_shared<LoadedModel>(std::move(info), weights_);
}

std::shared_ptr<const LoadedModel> make_loaded_model(const model::Generator& generator, std::string name,
                                                     std::uint64_t epoch, PictureRatio ratio) {
    const at::NoGradGuard no_grad;
    const c10::Device device = generator.parameters.device();
    ModelInfo info;
    info.name = std::move(name);
    info.format = "in memory";
    info.ratio = ratio;
    describe(generator, device, info);
    return std::make_shared<LoadedModel>(std::move(info), weights_of(rebuilt(generator, device), device, epoch));
}

std::shared_ptr<const LoadedModel> load_model(const std::filesystem::path& path, const std::string& device,
                                              const std::stop_token& stop) {
    return load_model(path, device, stop, 0);
}

std::shared_ptr<const LoadedModel> load_model(const std::filesystem::path& path, const std::string& device_name,
                                              const std::stop_token& stop, std::uint64_t epoch) {
    const c10::Device device = choose_device(device_name);
    const at::NoGradGuard no_grad;
    io::CheckpointFile file = io::read_checkpoint(path);
    if (stop.stop_requested()) {
        return nullptr;
    }
    ModelInfo info;
    info.warnings = file.warnings;
    const char* net = "G_ema";
    if (!file.networks.contains(net)) {
        net = "G";
        if (!file.networks.contains(net)) {
            fail("{} holds no generator: neither G_ema nor G is in it.", path.string());
        }
        info.warnings.push_back(fmt::format("{} has no G_ema; G is played instead.", path.string()));
    }
    const std::string what = fmt::format("{}: {}", path.string(), net);
    const auto weights =
        weights_of(rebuilt(model::load_generator(file.networks.at(net), what, info.warnings), device), device, epoch);
    info.name = shown_name_of(path);
    info.path = path.string();
    info.format = file.description;
    describe(weights->generator, device, info);
    info.ratio = model::picture_ratio(file, path.string(), info.warnings);
    if (!info.ratio.square()) {
        info.facts.emplace_back("pictures", fmt::format("{}, shown at {}", text_of(info.ratio), shown_text(info)));
    }
    collect_facts(file.metadata, info);
    const ClassFacts classes = model::class_facts(file);
    info.class_names = classes.names;
    if (!classes.pictures.empty() && classes.pictures[0] == 0) {
        info.warnings.push_back(fmt::format("{} never saw a picture of class 0, which is shown unless another one is "
                                            "chosen: {}.",
                                            info.name, empty_classes(classes.pictures)));
    }
    return std::make_shared<LoadedModel>(std::move(info), weights);
}

} // namespace atelier
