// SPDX-License-Identifier: Apache-2.0
// ThumbnailQueue: small pictures, made block by block between frames. Safe from any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "base/frame.h"
#include "engine/renderer.h"

namespace atelier {

class ThumbnailQueue {
public:
    // Replaces what is still to be made.
    void request(std::vector<ThumbnailRequest> requests, int size);
    bool waiting() const;
    // Computes one block of the next one, if any, or its last and hands it out. One that can't be rendered is dropped.
    // `resumed`: nothing else was rendered since the last step. Of a small model it makes several whole ones at once,
    // one a core, in the time that a large one's block takes.
    void step(Renderer& renderer, std::uint64_t ticket, bool resumed);
    std::vector<Thumbnail> take();

private:
    struct Job {
        ThumbnailRequest request;
        int size = 96;
        int ready = 0; // px up to which its blocks are computed
    };
    // The one to go on with; empty when there is none.
    std::optional<Job> next(bool resumed);
    void finished(const Job& job);
    void hand_out(const PixelBuffer& full, const Job& job, std::uint64_t ticket);
    bool several(const Renderer& renderer, std::uint64_t ticket);

    mutable std::mutex mutex_;
    std::vector<ThumbnailRequest> requests_; // reversed: the next is at the back
    int size_ = 96;
    int ready_ = 0; // of the next
    std::vector<Thumbnail> done_;
};

} // namespace atelier
