// SPDX-License-Identifier: Apache-2.0
// LoadedModel: an immutable generator in memory, shared by every renderer. Opaque here, so no torch is needed.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/frame.h"

namespace atelier {

class LoadedModel {
public:
    struct Weights; // engine/weights.h (torch)
    LoadedModel(ModelInfo info, std::shared_ptr<const Weights> weights);
    ~LoadedModel();
    const ModelInfo& info() const { return info_; }
    const Weights& weights() const { return *weights_; }

private:
    ModelInfo info_;
    std::shared_ptr<const Weights> weights_;
};

// Reads G_ema (or G, with a warning, when there is no G_ema) of a model file of any known format onto a device:
// auto, cpu or cuda. Throws Error with one sentence.
std::shared_ptr<const LoadedModel> load_model(const std::filesystem::path& path, const std::string& device = "auto");

} // namespace atelier
