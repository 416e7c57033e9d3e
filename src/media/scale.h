// SPDX-License-Identifier: Apache-2.0
// Scaler: pictures to another size and shape through swscale. Owns its tables, which it keeps between equal calls.
#pragma once

#include <memory>

#include "base/frame.h"
#include "media/output.h"

namespace atelier::media {

class Scaler {
public:
    Scaler();
    ~Scaler();
    Scaler(Scaler&&) noexcept;
    Scaler& operator=(Scaler&&) noexcept;

    // Bicubic when enlarging, Lanczos when shrinking; `out` is resized to width x height (1..16384 each). The same
    // size is a plain copy; the picture's ratio does not count. Throws Error.
    void scale(const PixelBuffer& in, int width, int height, PixelBuffer& out);

    // The same without distorting: a picture of another ratio than width x height gets opaque black bars (pad) or loses
    // what sticks out at both sides (crop). At its shown size this is unsquash(). Throws Error.
    void fit(const PixelBuffer& in, int width, int height, Aspect aspect, PixelBuffer& out);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace atelier::media
