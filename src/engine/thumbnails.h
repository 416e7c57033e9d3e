// SPDX-License-Identifier: Apache-2.0
// ThumbnailQueue: small pictures of seeds, made one at a time between frames. Safe from any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "base/frame.h"
#include "engine/renderer.h"

namespace atelier {

class ThumbnailQueue {
public:
    // Replaces what is still to be made.
    void request(std::vector<std::uint32_t> seeds, int size);
    bool waiting() const;
    // Renders the next one, if any, at psi 0.7 with constant noise; a seed that can't be rendered is dropped.
    void make_one(Renderer& renderer, std::uint64_t ticket);
    std::vector<Thumbnail> take();

private:
    mutable std::mutex mutex_;
    std::vector<std::uint32_t> seeds_; // reversed: the next is at the back
    int size_ = 96;
    std::vector<Thumbnail> done_;
};

// Box-averages a picture down to at most `size` px a side by a whole factor; smaller ones stay as they are.
PixelBuffer shrink(const PixelBuffer& picture, int size);

} // namespace atelier
