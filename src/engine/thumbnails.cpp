// SPDX-License-Identifier: Apache-2.0
#include "engine/thumbnails.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/unsquash.h"

namespace atelier {

PixelBuffer shrink(const PixelBuffer& picture, int size) {
    int factor = 1;
    while (picture.width / factor > size) {
        factor *= 2;
    }
    PixelBuffer small{picture.width / factor, picture.height / factor, {}};
    small.rgba.resize(static_cast<std::size_t>(small.width) * static_cast<std::size_t>(small.height) * 4);
    const auto pitch = static_cast<std::size_t>(picture.width) * 4;
    for (int y = 0; y < small.height; ++y) {
        for (int x = 0; x < small.width * 4; ++x) {
            unsigned sum = 0;
            for (int j = 0; j < factor; ++j) {
                for (int i = 0; i < factor; ++i) {
                    const int column = (x / 4 * factor + i) * 4 + x % 4;
                    sum +=
                        picture
                            .rgba[static_cast<std::size_t>(y * factor + j) * pitch + static_cast<std::size_t>(column)];
                }
            }
            const auto count = static_cast<unsigned>(factor * factor);
            small.rgba[static_cast<std::size_t>(y * small.width * 4 + x)] =
                static_cast<std::uint8_t>((sum + count / 2) / count);
        }
    }
    small.ratio = picture.ratio;
    return small;
}

PixelBuffer square_part(const PixelBuffer& picture) {
    PixelBuffer whole;
    unsquash(picture, whole);
    const int side = std::min(whole.width, whole.height);
    if (whole.width == whole.height) {
        return whole;
    }
    PixelBuffer part{side, side, {}};
    part.rgba.reserve(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 4);
    const int left = (whole.width - side) / 2, top = (whole.height - side) / 2;
    for (int y = 0; y < side; ++y) {
        const auto from = whole.rgba.begin() + (static_cast<std::ptrdiff_t>(top + y) * whole.width + left) * 4;
        part.rgba.insert(part.rgba.end(), from, from + static_cast<std::ptrdiff_t>(side) * 4);
    }
    return part;
}

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
