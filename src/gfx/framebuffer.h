// SPDX-License-Identifier: Apache-2.0
// The current OpenGL context's own framebuffer, of the size given.
#pragma once

#include "base/frame.h"
#include "gfx/window.h"

namespace atelier::gfx {

void clear_framebuffer(PixelSize size, float red, float green, float blue);

// What has been drawn since the last swap, opaque.
PixelBuffer read_framebuffer(PixelSize size);

} // namespace atelier::gfx
