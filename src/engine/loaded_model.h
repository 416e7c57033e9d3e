// SPDX-License-Identifier: Apache-2.0
// LoadedModel: an immutable generator in memory, shared by every renderer. Opaque here, so no torch is needed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "base/frame.h"

namespace atelier::model {
struct Generator;
}

namespace atelier {

class LoadedModel {
public:
    struct Weights; // engine/weights.h (torch)
    LoadedModel(ModelInfo info, std::shared_ptr<const Weights> weights);
    ~LoadedModel();
    const ModelInfo& info() const { return *info_; }
    // To keep beyond the model: it holds none of its weights.
    std::shared_ptr<const ModelInfo> shared_info() const { return info_; }
    const Weights& weights() const { return *weights_; }
    // Lays the weights out for pictures in fp32 or bf16 on the calling thread, once, for all renderers. Without this
    // the first renderer that needs them does it. Does nothing where there is no faster way for this network and
    // device.
    void prepare(Precision precision) const;
    // The same network, whose pictures are shown and written at another ratio.
    std::shared_ptr<const LoadedModel> at_ratio(PictureRatio ratio) const;

private:
    friend std::string content_hash(const LoadedModel&); // engine/content_hash.h

    std::shared_ptr<const ModelInfo> info_;
    std::shared_ptr<const Weights> weights_;
    mutable std::once_flag hashed_;
    mutable std::string hash_;
};

// A generator in memory as a model to play; its tensors are shared and must not change any more. `name` is for people,
// `epoch` becomes Frame::weights_epoch.
std::shared_ptr<const LoadedModel> make_loaded_model(const model::Generator& generator, std::string name,
                                                     std::uint64_t epoch, PictureRatio ratio = {});

// Reads G_ema (or G, with a warning, when there is no G_ema) of a model file of any known format onto a device:
// auto, cpu or cuda. Throws Error with one sentence. stop: asked between reading and building; null when it stopped.
std::shared_ptr<const LoadedModel> load_model(const std::filesystem::path& path, const std::string& device = "auto",
                                              const std::stop_token& stop = {});
// The same as one of several that follow one another: `epoch` becomes Frame::weights_epoch.
std::shared_ptr<const LoadedModel> load_model(const std::filesystem::path& path, const std::string& device,
                                              const std::stop_token& stop, std::uint64_t epoch);

} // namespace atelier
