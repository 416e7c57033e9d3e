// SPDX-License-Identifier: Apache-2.0
// Renderer: RenderParams -> RGBA8 pixels on the calling thread. Owns caches only; a pure function of params and model.
#pragma once

#include <memory>
#include <vector>

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
    // max_resolution stops at a block of the skip architecture: a preview, r = min(resolution, max_resolution).
    void render(const RenderParams& params, PixelBuffer& out, StageTimes* times = nullptr,
                int max_resolution = 1 << 20);

    // The highest resolution whose blocks together take at most budget_ms, at least 16; the model's own if all fit or
    // previews are not possible. Measures what the blocks cost if nobody has yet: about one picture's time.
    int preview_resolution(const RenderParams& params, double budget_ms);

    // Times one block in the precision of `params`, for preview_resolution; pictures may be rendered in between.
    // False, at once, when there is nothing left to measure.
    bool measure_next_block(const RenderParams& params);
    // Milliseconds up to and with each block (4, 8, ... px) as measured so far in that precision; empty before all
    // have been timed once, and always where previews are not possible.
    std::vector<double> block_ms(const RenderParams& params);

    // What Precision::model stands for here (viewer_precision), or the order that `params` gives.
    Precision precision_of(const RenderParams& params);
    // What Precision::model stands for here; the first call may take a few pictures' time to measure it.
    Precision viewer_precision();

    // Takes over what another renderer has measured and its pool on the device, if both models have the same shape.
    void learn_from(const Renderer& other);

    // From here on pictures made on a CUDA device stay there as well.
    void keep_device_frames();
    // The last picture's; null on the CPU, or when it was taken already.
    std::shared_ptr<const DeviceBuffer> take_device_frame();

    const LoadedModel& model() const { return *model_; }

private:
    struct Impl;
    std::shared_ptr<const LoadedModel> model_;
    std::unique_ptr<Impl> impl_;
};

} // namespace atelier
