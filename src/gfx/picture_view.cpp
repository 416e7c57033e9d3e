// SPDX-License-Identifier: Apache-2.0
#include "gfx/picture_view.h"

#include <algorithm>

#include <epoxy/gl.h>

#include "shaders.h"

namespace atelier::gfx {

PictureView::PictureView() : shader_("picture", embedded::picture_vert, embedded::picture_frag) {
    glGenVertexArrays(1, &vertex_array_); // the corners come from gl_VertexID
}

PictureView::~PictureView() {
    glDeleteVertexArrays(1, &vertex_array_);
}

void PictureView::draw(const PictureDraw& what, PixelSize framebuffer) const {
    if (!what.texture || what.place.width <= 0 || what.place.height <= 0 || framebuffer.width <= 0 ||
        framebuffer.height <= 0) {
        return;
    }
    const auto w = static_cast<float>(framebuffer.width);
    const auto h = static_cast<float>(framebuffer.height);
    glViewport(0, 0, framebuffer.width, framebuffer.height);
    glEnable(GL_SCISSOR_TEST);
    glScissor(static_cast<GLint>(what.clip.x), static_cast<GLint>(h - what.clip.y - what.clip.height),
              static_cast<GLsizei>(std::max(0.0f, what.clip.width)),
              static_cast<GLsizei>(std::max(0.0f, what.clip.height)));
    glDisable(GL_BLEND);
    glDisable(GL_DEPTH_TEST);
    glDisable(GL_CULL_FACE);
    shader_.use();
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D, what.texture);
    glUniform1i(shader_.uniform("picture"), 0);
    glUniform4f(shader_.uniform("place"), what.place.x / w * 2 - 1, 1 - what.place.y / h * 2, what.place.width / w * 2,
                -what.place.height / h * 2);
    glUniform2f(shader_.uniform("texels"), static_cast<float>(what.width), static_cast<float>(what.height));
    // How many texels one screen pixel covers; above 1 the filter widens so that nothing flickers.
    glUniform1f(shader_.uniform("shrink"), static_cast<float>(what.width) / what.place.width);
    glUniform1i(shader_.uniform("pixels"), what.pixels ? 1 : 0);
    glUniform1f(shader_.uniform("brightness"), what.brightness);
    glUniform1f(shader_.uniform("checker"), what.checker);
    glBindVertexArray(vertex_array_);
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    glBindVertexArray(0);
    glBindTexture(GL_TEXTURE_2D, 0);
    glUseProgram(0);
    glDisable(GL_SCISSOR_TEST);
}

} // namespace atelier::gfx
