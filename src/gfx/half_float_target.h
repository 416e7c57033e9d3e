// SPDX-License-Identifier: Apache-2.0
// HalfFloatTarget: a texture of half floats to draw a step in between into. Of one OpenGL context.
#pragma once

#include "gfx/window.h"

namespace atelier::gfx {

class HalfFloatTarget {
public:
    explicit HalfFloatTarget(int filter); // GL_NEAREST or GL_LINEAR
    ~HalfFloatTarget();
    HalfFloatTarget(const HalfFloatTarget&) = delete;
    HalfFloatTarget& operator=(const HalfFloatTarget&) = delete;

    void begin(PixelSize size); // bound, of that size, and the viewport as large
    unsigned texture() const { return texture_; }
    unsigned framebuffer() const { return framebuffer_; }

private:
    unsigned texture_ = 0, framebuffer_ = 0;
    PixelSize size_{};
};

} // namespace atelier::gfx
