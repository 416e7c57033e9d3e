// SPDX-License-Identifier: Apache-2.0
#include "studio/capture/flash_watch.h"

namespace atelier::studio {

void FlashWatch::picture(const PixelBuffer& picture, const FlashLimit& limit, double seconds) {
    if (limit != limit_) {
        limit_ = limit;
        meter_ = FlashMeter(limit.per_second);
        last_ = -1e9;
    }
    if (limit.guard != FlashGuard::off && meter_.add(picture, seconds))
        last_ = seconds;
}

} // namespace atelier::studio
