// SPDX-License-Identifier: Apache-2.0
#include "engine/frame_pool.h"

#include <mutex>
#include <vector>

namespace atelier {

struct FramePool::Shelf {
    mutable std::mutex mutex;
    std::vector<std::unique_ptr<PixelBuffer>> buffers;
    std::size_t spare = 0;
};

FramePool::FramePool(std::size_t spare) : shelf_(std::make_shared<Shelf>()) {
    shelf_->spare = spare;
    shelf_->buffers.reserve(spare);
}

std::shared_ptr<PixelBuffer> FramePool::take() {
    std::unique_ptr<PixelBuffer> buffer;
    {
        const std::lock_guard lock(shelf_->mutex);
        if (!shelf_->buffers.empty()) {
            buffer = std::move(shelf_->buffers.back());
            shelf_->buffers.pop_back();
        }
    }
    if (!buffer) {
        buffer = std::make_unique<PixelBuffer>();
    }
    // The deleter holds the shelf, so frames may outlive the engine.
    return {buffer.release(), [shelf = shelf_](PixelBuffer* returned) {
                std::unique_ptr<PixelBuffer> owned(returned);
                const std::lock_guard lock(shelf->mutex);
                if (shelf->buffers.size() < shelf->spare) {
                    shelf->buffers.push_back(std::move(owned));
                }
            }};
}

std::size_t FramePool::unused() const {
    const std::lock_guard lock(shelf_->mutex);
    return shelf_->buffers.size();
}

} // namespace atelier
