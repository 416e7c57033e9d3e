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

    // Fills `out` (resized to the model's pictures; gray models give r = g = b; alpha 255 where the model makes none;
    // the model's ratio).
    // Values are trunc(clamp(img * 127.5 + 128, 0, 255)). Throws Error for params the model can't follow.
    // max_resolution stops at a block of the skip architecture: a preview, whose blocks' names (ModelInfo's
    // resolution) are at most that.
    void render(const RenderParams& params, PixelBuffer& out, StageTimes* times = nullptr,
                int max_resolution = 1 << 20);

    // Computes the blocks up to max_resolution, which the next render() of the same params then has ready. Does nothing
    // where blocks can't be computed apart. Throws as render() does.
    void prepare(const RenderParams& params, int max_resolution);

    // The highest resolution whose blocks together take at most budget_ms, at least 16; the model's own if all fit or
    // previews are not possible. Where measuring has not come that far, it goes on until the budget is spent.
    int preview_resolution(const RenderParams& params, double budget_ms);

    // Times one block in the precision of `params`, for preview_resolution; with Precision::model of each precision
    // that viewer_precision has to choose from. Pictures may be rendered in between. False, at once, when there is
    // nothing left to measure.
    bool measure_next_block(const RenderParams& params);
    // Milliseconds up to and with each block (4, 8, ... px) as measured so far in that precision; empty before all
    // have been timed once, and always where previews are not possible.
    std::vector<double> block_ms(const RenderParams& params);

    // What Precision::model stands for here. Measures it if that has not been done block by block: up to six pictures'
    // time. precision_of: that, or the order that `params` gives.
    Precision viewer_precision();
    Precision precision_of(const RenderParams& params);
    // The same without measuring: fp32 as long as nobody knows better.
    Precision precision_so_far(const RenderParams& params) const;

    static bool same_shape(const LoadedModel& a, const LoadedModel& b);
    // Takes over what another renderer of the same thread has measured, its pool on the device and memory, if both
    // models have the same shape. The other renders no more.
    void learn_from(const Renderer& other);

    // From here on pictures made on a CUDA device stay there as well.
    void keep_device_frames();
    // The last picture's; null on the CPU, or when it was taken already.
    std::shared_ptr<const DeviceBuffer> take_device_frame();

    const LoadedModel& model() const { return *model_; }
    const std::shared_ptr<const LoadedModel>& shared_model() const { return model_; }

private:
    struct Impl;
    std::shared_ptr<const LoadedModel> model_;
    std::unique_ptr<Impl> impl_;
};

} // namespace atelier
