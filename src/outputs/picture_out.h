// SPDX-License-Identifier: Apache-2.0
// PictureOut: a way by which other programs get what is shown. What it is given is the newest; older ones that nobody
// has fetched are dropped, so that no call ever waits for a reader.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/frame.h"
#include "base/picture_look.h"

namespace atelier::outputs {

enum class OutState {
    starting,
    waiting,   // it is there, and nobody reads
    streaming, // somebody reads
    failed,    // for good
};

struct OutStatus {
    OutState state = OutState::starting;
    std::string message;         // failed: why, in one sentence
    std::uint64_t delivered = 0; // pictures that were handed to a reader
};

// A picture as it is shown: what the audience sees.
struct ShownPicture {
    std::shared_ptr<const PixelBuffer> pixels;
    PictureLook look{};
    double light = 1; // 0..1
};

// Its pixels with look and light. Costs a copy: for a way's own thread.
inline PixelBuffer as_seen(const ShownPicture& picture) {
    PixelBuffer seen = *picture.pixels;
    if (!picture.look.neutral())
        apply_look(picture.look, seen);
    if (picture.light < 1)
        apply_light(picture.light, seen);
    return seen;
}

class PictureOut {
public:
    virtual ~PictureOut() = default;
    virtual void show(ShownPicture picture) = 0; // from one thread; returns at once
    virtual OutStatus status() const = 0;
};

} // namespace atelier::outputs
