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
    // `resumed`: nothing else was rendered since the last step.
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

    mutable std::mutex mutex_;
    std::vector<ThumbnailRequest> requests_; // reversed: the next is at the back
    int size_ = 96;
    int ready_ = 0; // of the next
    std::vector<Thumbnail> done_;
};

} // namespace atelier
