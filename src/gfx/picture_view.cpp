// SPDX-License-Identifier: Apache-2.0
#include "gfx/picture_view.h"

#include <algorithm>
#include <cmath>

#include <epoxy/gl.h>

#include "shaders.h"

namespace atelier::gfx {

PictureView::PictureView()
    : shader_("picture", embedded::picture_vert, embedded::picture_frag),
      rows_shader_("rows", embedded::picture_vert, embedded::rows_frag), rows_(GL_NEAREST) {
    glGenVertexArrays(1, &vertex_array_); // the corners come from gl_VertexID
}

PictureView::~PictureView() {
    glDeleteVertexArrays(1, &vertex_array_);
}

// Scaling along one axis after the other takes 4 + 4 taps a pixel where both at once take 16, and far more of a
// difference when a large picture is made smaller. Half floats keep the filter's negative lobes.
void PictureView::scale_rows(const PictureDraw& what, float shrink, int first, int rows, unsigned target) const {
    rows_.begin({what.width, rows});
    rows_shader_.use();
    glBindTexture(GL_TEXTURE_2D, what.texture);
    glUniform1i(rows_shader_.uniform("picture"), 0);
    glUniform4f(rows_shader_.uniform("place"), -1, -1, 2, 2);
    glUniform2f(rows_shader_.uniform("texels"), static_cast<float>(what.width), static_cast<float>(what.height));
    glUniform1f(rows_shader_.uniform("shrink"), shrink);
    glUniform1f(rows_shader_.uniform("first_row"), static_cast<float>(first));
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    glBindFramebuffer(GL_FRAMEBUFFER, target);
}

void PictureView::draw(const PictureDraw& what, PixelSize framebuffer, unsigned target) const {
    if (!what.texture || what.place.width <= 0 || what.place.height <= 0 || framebuffer.width <= 0 ||
        framebuffer.height <= 0) {
        return;
    }
    const auto w = static_cast<float>(framebuffer.width);
    const auto h = static_cast<float>(framebuffer.height);
    const float top = std::max({0.0f, what.place.y, what.clip.y});
    const float bottom = std::min({h, what.place.y + what.place.height, what.clip.y + what.clip.height});
    const auto first = static_cast<int>(std::floor(top - what.place.y));
    const auto rows = static_cast<int>(std::ceil(bottom - what.place.y)) - first;
    if (rows <= 0) {
        return;
    }
    glDisable(GL_BLEND);
    glDisable(GL_DEPTH_TEST);
    glDisable(GL_CULL_FACE);
    glDisable(GL_SCISSOR_TEST);
    glActiveTexture(GL_TEXTURE0);
    glBindVertexArray(vertex_array_);
    // How many texels one screen pixel covers; above 1 the filter widens so that nothing flickers.
    const float shrink = static_cast<float>(what.width) / what.place.width;
    if (!what.pixels) {
        scale_rows(what, static_cast<float>(what.height) / what.place.height, first, rows, target);
    }

    glViewport(0, 0, framebuffer.width, framebuffer.height);
    glEnable(GL_SCISSOR_TEST);
    glScissor(static_cast<GLint>(what.clip.x), static_cast<GLint>(h - what.clip.y - what.clip.height),
              static_cast<GLsizei>(std::max(0.0f, what.clip.width)),
              static_cast<GLsizei>(std::max(0.0f, what.clip.height)));
    shader_.use();
    glBindTexture(GL_TEXTURE_2D, what.pixels ? what.texture : rows_.texture());
    glUniform1i(shader_.uniform("picture"), 0);
    glUniform4f(shader_.uniform("place"), what.place.x / w * 2 - 1, 1 - what.place.y / h * 2, what.place.width / w * 2,
                -what.place.height / h * 2);
    glUniform2f(shader_.uniform("texels"), static_cast<float>(what.width), static_cast<float>(what.height));
    glUniform1f(shader_.uniform("shrink"), shrink);
    glUniform1f(shader_.uniform("first_row"), static_cast<float>(first));
    glUniform1f(shader_.uniform("top"), what.place.y);
    glUniform1f(shader_.uniform("window_height"), h);
    glUniform1i(shader_.uniform("pixels"), what.pixels ? 1 : 0);
    glUniform1f(shader_.uniform("brightness"), what.brightness);
    glUniformMatrix3fv(shader_.uniform("look"), 1, GL_TRUE, what.look.matrix.data());
    glUniform1f(shader_.uniform("look_offset"), what.look.offset);
    glUniform1f(shader_.uniform("checker"), what.checker);
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    glBindVertexArray(0);
    glBindTexture(GL_TEXTURE_2D, 0);
    glUseProgram(0);
    glDisable(GL_SCISSOR_TEST);
}

} // namespace atelier::gfx
