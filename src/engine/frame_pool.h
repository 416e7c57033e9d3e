// SPDX-License-Identifier: Apache-2.0
// FramePool: host pixel buffers that come back when their last reader lets go. Shared by an engine and its frames.
#pragma once

#include <cstddef>
#include <memory>

#include "base/frame.h"

namespace atelier {

class FramePool {
public:
    // Keeps at most `spare` unused buffers.
    explicit FramePool(std::size_t spare = 4);
    // A buffer for writing; it returns to the pool when the pointer and all its copies are gone, also after the pool.
    std::shared_ptr<PixelBuffer> take();
    std::size_t unused() const;

private:
    struct Shelf;
    std::shared_ptr<Shelf> shelf_;
};

} // namespace atelier
