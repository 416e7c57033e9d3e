// SPDX-License-Identifier: Apache-2.0
// Projection: the last step of what the output window shows. What was drawn flat is pinned by its corners and adjusted
// in colour. Of one OpenGL context.
#pragma once

#include "base/corner_pin.h"
#include "base/output_colour.h"
#include "gfx/half_float_target.h"
#include "gfx/shader.h"
#include "gfx/window.h"

namespace atelier::gfx {

class Projection {
public:
    Projection();
    ~Projection();
    Projection(const Projection&) = delete;
    Projection& operator=(const Projection&) = delete;

    // A framebuffer object of that size, bound and black, to draw the flat picture into.
    unsigned begin(PixelSize size);
    // Draws that into the window's own framebuffer, of the same size, which it fills; black outside the pinned picture.
    // Corners that can't be pinned count as untouched. light: 0..1, of all, after the colour.
    void show(const CornerPin& pin, const OutputColour& colour, float light, PixelSize size) const;

private:
    Shader shader_;
    unsigned vertex_array_ = 0;
    HalfFloatTarget flat_; // so that a steep gamma makes no steps of its own
};

} // namespace atelier::gfx
