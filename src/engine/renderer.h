// SPDX-License-Identifier: Apache-2.0
// Renderer: RenderParams -> RGBA8 pixels on the calling thread. Owns caches only; a pure function of params and model.
#pragma once

#include <memory>

#include "base/frame.h"
#include "engine/loaded_model.h"

namespace atelier {

class Renderer {
public:
    explicit Renderer(std::shared_ptr<const LoadedModel> model);
    ~Renderer();
    Renderer(const Renderer&) = delete;
    Renderer& operator=(const Renderer&) = delete;

    // Fills `out` (resized to resolution x resolution; gray models give r = g = b; alpha 255).
    // Values are trunc(clamp(img * 127.5 + 128, 0, 255)). Throws Error for params the model can't follow.
    void render(const RenderParams& params, PixelBuffer& out, StageTimes* times = nullptr);

    // What Precision::model stands for here; the first call may take a few pictures' time to measure it.
    Precision viewer_precision();

    const LoadedModel& model() const { return *model_; }

private:
    struct Impl;
    std::shared_ptr<const LoadedModel> model_;
    std::unique_ptr<Impl> impl_;
};

} // namespace atelier
