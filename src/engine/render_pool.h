// SPDX-License-Identifier: Apache-2.0
// RenderPool: many pictures on all cores, several at once, each by a thread of its own: they never wait for each other
// within a layer, and the caller writes one picture while the next are made. No torch here.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include "base/frame.h"
#include "base/render_params.h"
#include "engine/loaded_model.h"

namespace atelier {

struct RenderOrder {
    std::shared_ptr<const LoadedModel> model; // may change from picture to picture
    RenderParams params;
};

class RenderPool {
public:
    // With as many cores as the calling thread's operations have (set_operation_threads).
    RenderPool();
    ~RenderPool();
    RenderPool(const RenderPool&) = delete;
    RenderPool& operator=(const RenderPool&) = delete;

    // Pictures 0..count-1: order(i) and done(i, picture) are called in order, by the calling thread; order some
    // pictures ahead. The pixels are those of Renderer::render, in fp32 bit for bit; Precision::model is decided once
    // for each model. Returns how many were done; fewer when stopped. What order, done or a picture throws ends it and
    // comes out here, after the pictures before it were done.
    int run(int count, const std::function<RenderOrder(int)>& order, const std::function<void(int, PixelBuffer&)>& done,
            std::stop_token stop);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// How many pictures whose longer side has so many px are made at once on so many cores: large ones need much memory.
int pictures_at_once(int side, int cores);

} // namespace atelier
