// SPDX-License-Identifier: Apache-2.0
#include "gfx/framebuffer.h"

#include <algorithm>

#include <epoxy/gl.h>

namespace atelier::gfx {

void clear_framebuffer(PixelSize size, float red, float green, float blue) {
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glViewport(0, 0, size.width, size.height);
    glDisable(GL_SCISSOR_TEST);
    glClearColor(red, green, blue, 1);
    glClear(GL_COLOR_BUFFER_BIT);
}

PixelBuffer read_framebuffer(PixelSize size) {
    PixelBuffer picture;
    picture.width = size.width;
    picture.height = size.height;
    const std::size_t row = static_cast<std::size_t>(size.width) * 4;
    picture.rgba.resize(row * static_cast<std::size_t>(size.height));
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadBuffer(GL_BACK);
    glReadPixels(0, 0, size.width, size.height, GL_RGBA, GL_UNSIGNED_BYTE, picture.rgba.data());
    for (int y = 0; y < size.height / 2; ++y) { // OpenGL counts rows from below
        auto top = picture.rgba.begin() + static_cast<std::ptrdiff_t>(row * static_cast<std::size_t>(y));
        auto bottom =
            picture.rgba.begin() + static_cast<std::ptrdiff_t>(row * static_cast<std::size_t>(size.height - 1 - y));
        std::swap_ranges(top, top + static_cast<std::ptrdiff_t>(row), bottom);
    }
    for (std::size_t i = 3; i < picture.rgba.size(); i += 4)
        picture.rgba[i] = 255;
    return picture;
}

} // namespace atelier::gfx
