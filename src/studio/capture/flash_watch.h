// SPDX-License-Identifier: Apache-2.0
// FlashWatch: whether what plays flashes as may harm people, measured on each picture that the screen gets.
#pragma once

#include "base/flash_meter.h"

namespace atelier::studio {

class FlashWatch {
public:
    // seconds: of a steady clock.
    void picture(const PixelBuffer& picture, const FlashLimit& limit, double seconds);
    // Until some seconds after the last of them, so that it can be read.
    bool flashing(double seconds) const { return seconds - last_ < told_seconds; }

    static constexpr double told_seconds = 3;

private:
    FlashLimit limit_;
    FlashMeter meter_;
    double last_ = -1e9;
};

} // namespace atelier::studio
