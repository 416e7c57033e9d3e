// SPDX-License-Identifier: Apache-2.0
// FrameRateConverter: turns true timestamps into a constant frame rate by repeating and leaving out pictures. Pure
// arithmetic.
#pragma once

#include <cstdint>

namespace atelier::media {

// Slot n of the file shows at n / fps seconds after the first picture. A picture belongs to the slot nearest its
// time and is shown until the next one's.
class FrameRateConverter {
public:
    explicit FrameRateConverter(double fps) : fps_(fps) {}

    // A picture of time `seconds` has come (the first starts the clock). Returns how often the picture held until
    // now has to be written first; 0 when the new one takes its slot, or arrived late.
    std::int64_t advance(double seconds);

    // The same without a new picture: the held one stands until `seconds`. At the end, with `last`, at least once
    // if it was never written.
    std::int64_t hold(double seconds, bool last = false);

    std::int64_t written() const { return next_; } // slots filled

private:
    std::int64_t fill_to(double seconds);

    double fps_;
    double start_ = 0;
    bool started_ = false;
    bool held_written_ = false;
    std::int64_t next_ = 0;
};

} // namespace atelier::media
