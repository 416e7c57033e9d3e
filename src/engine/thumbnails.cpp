// SPDX-License-Identifier: Apache-2.0
#include "engine/thumbnails.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/small_picture.h"

namespace atelier {

void ThumbnailQueue::request(std::vector<ThumbnailRequest> requests, int size) {
    std::reverse(requests.begin(), requests.end());
    const std::lock_guard lock(mutex_);
    requests_ = std::move(requests);
    ready_ = 0;
    size_ = std::clamp(size, 16, 512);
}

bool ThumbnailQueue::waiting() const {
    const std::lock_guard lock(mutex_);
    return !requests_.empty();
}

std::optional<ThumbnailQueue::Job> ThumbnailQueue::next(bool resumed) {
    const std::lock_guard lock(mutex_);
    if (requests_.empty()) {
        return std::nullopt;
    }
    ready_ = resumed ? std::max(4, ready_ * 2) : 4;
    return Job{requests_.back(), size_, ready_};
}

// The list may have been replaced meanwhile, with the same wish on it or not.
void ThumbnailQueue::finished(const Job& job) {
    const std::lock_guard lock(mutex_);
    if (!requests_.empty() && requests_.back().key == job.request.key) {
        requests_.pop_back();
    }
    ready_ = 0;
}

void ThumbnailQueue::step(Renderer& renderer, std::uint64_t ticket, bool resumed) {
    const std::optional<Job> job = next(resumed);
    if (!job) {
        return;
    }
    try {
        const RenderParams& params = job->request.params;
        if (job->ready < renderer.model().info().resolution) {
            renderer.prepare(params, job->ready);
            return;
        }
        PixelBuffer full;
        renderer.render(params, full);
        auto small = std::make_shared<PixelBuffer>(square_part(shrink(full, job->size)));
        const std::lock_guard lock(mutex_);
        done_.push_back({ticket, job->request.key, std::move(small)});
    } catch (const std::exception& error) {
        log_warning("A thumbnail could not be made: {}", message_of(error));
    }
    finished(*job);
}

std::vector<Thumbnail> ThumbnailQueue::take() {
    const std::lock_guard lock(mutex_);
    std::vector<Thumbnail> result = std::move(done_);
    done_.clear();
    return result;
}

} // namespace atelier
