// SPDX-License-Identifier: Apache-2.0
#include "engine/thumbnails.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/small_picture.h"
#include "engine/render_pool.h"

namespace atelier {
namespace {

constexpr int small_model = 128; // px: a picture takes a few milliseconds at the most
constexpr std::size_t least_at_once = 4, most_at_once = 8;

} // namespace

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

// True if that was all for this step.
bool ThumbnailQueue::several(const Renderer& renderer, std::uint64_t ticket) {
    std::vector<ThumbnailRequest> requests;
    int size = 0;
    {
        const std::lock_guard lock(mutex_);
        if (std::max(renderer.model().info().width, renderer.model().info().height) > small_model ||
            requests_.size() < least_at_once || ready_ > 0) {
            return false;
        }
        requests.assign(requests_.rbegin(),
                        requests_.rbegin() + static_cast<std::ptrdiff_t>(std::min(requests_.size(), most_at_once)));
        size = size_;
    }
    const std::shared_ptr<const LoadedModel> model = renderer.shared_model();
    const auto order = [&](int i) {
        RenderOrder one{model, requests[static_cast<std::size_t>(i)].params};
        one.params.precision = renderer.precision_so_far(one.params);
        return one;
    };
    try {
        RenderPool().run(static_cast<int>(requests.size()), order,
                         [&](int i, PixelBuffer& full) {
                             hand_out(full, {requests[static_cast<std::size_t>(i)], size}, ticket);
                         },
                         {});
        return true;
    } catch (const std::exception&) {
        return false; // the first that is left is the one; by itself it will be dropped
    }
}

void ThumbnailQueue::hand_out(const PixelBuffer& full, const Job& job, std::uint64_t ticket) {
    // Of a picture that isn't square the middle is shown: its shorter side is the tile's.
    const int longer = job.size * std::max(full.width, full.height) / std::min(full.width, full.height);
    auto small = std::make_shared<PixelBuffer>(square_part(shrink(full, longer)));
    {
        const std::lock_guard lock(mutex_);
        done_.push_back({ticket, job.request.key, std::move(small)});
    }
    finished(job);
}

void ThumbnailQueue::step(Renderer& renderer, std::uint64_t ticket, bool resumed) {
    if (several(renderer, ticket)) {
        return;
    }
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
        hand_out(full, *job, ticket);
    } catch (const std::exception& error) {
        log_warning("A thumbnail could not be made: {}", message_of(error));
        finished(*job);
    }
}

std::vector<Thumbnail> ThumbnailQueue::take() {
    const std::lock_guard lock(mutex_);
    std::vector<Thumbnail> result = std::move(done_);
    done_.clear();
    return result;
}

} // namespace atelier
