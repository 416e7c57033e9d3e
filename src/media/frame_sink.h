// SPDX-License-Identifier: Apache-2.0
// FrameSink: where finished pictures go, one after the other: a video file or a folder of PNGs.
#pragma once

#include <cstdint>

#include "base/frame.h"

namespace atelier::media {

// An unfinished sink that is destroyed is cancelled.
class FrameSink {
public:
    virtual ~FrameSink() = default;

    // All frames of one sink have one size. Throws Error (disk full, another size, ...); then only cancel() is left.
    virtual void add(const PixelBuffer& frame) = 0;

    // Completes the output under its final name. Throws Error.
    virtual void finish() = 0;

    // Leaves nothing of this output behind. No effect after finish().
    virtual void cancel() noexcept = 0;

    virtual std::int64_t frames() const = 0; // added so far
};

} // namespace atelier::media
