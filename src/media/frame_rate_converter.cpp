// SPDX-License-Identifier: Apache-2.0
#include "media/frame_rate_converter.h"

#include <cmath>

namespace atelier::media {

std::int64_t FrameRateConverter::fill_to(double seconds) {
    const std::int64_t slot = std::llround((seconds - start_) * fps_);
    if (slot <= next_) {
        return 0;
    }
    const std::int64_t count = slot - next_;
    next_ = slot;
    held_written_ = true;
    return count;
}

std::int64_t FrameRateConverter::advance(double seconds) {
    if (!started_) {
        started_ = true;
        start_ = seconds;
        return 0;
    }
    const std::int64_t count = fill_to(seconds);
    held_written_ = false;
    return count;
}

std::int64_t FrameRateConverter::hold(double seconds, bool last) {
    if (!started_) {
        return 0;
    }
    std::int64_t count = fill_to(seconds);
    if (last && !held_written_) {
        count = 1;
        ++next_;
        held_written_ = true;
    }
    return count;
}

} // namespace atelier::media
