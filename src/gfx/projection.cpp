// SPDX-License-Identifier: Apache-2.0
#include "gfx/projection.h"

#include <algorithm>

#include <epoxy/gl.h>

#include "shaders.h"

namespace atelier::gfx {

Projection::Projection() : shader_("output", embedded::picture_vert, embedded::output_frag), flat_(GL_LINEAR) {
    glGenVertexArrays(1, &vertex_array_);
}

Projection::~Projection() {
    glDeleteVertexArrays(1, &vertex_array_);
}

unsigned Projection::begin(PixelSize size) {
    flat_.begin(size);
    glDisable(GL_SCISSOR_TEST);
    glClearColor(0, 0, 0, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    return flat_.framebuffer();
}

void Projection::show(const CornerPin& pin, const OutputColour& colour, float light, PixelSize size) const {
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glViewport(0, 0, size.width, size.height);
    glDisable(GL_BLEND);
    glDisable(GL_DEPTH_TEST);
    glDisable(GL_CULL_FACE);
    glDisable(GL_SCISSOR_TEST);
    glActiveTexture(GL_TEXTURE0);
    glBindVertexArray(vertex_array_);
    glBindTexture(GL_TEXTURE_2D, flat_.texture());
    const Homography back = picture_of_output(pin).value_or(Homography{});
    const bool pinned = !(back == Homography{});
    // Smaller parts of a slanted picture are drawn from smaller copies, so that nothing flickers.
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, pinned ? GL_LINEAR_MIPMAP_LINEAR : GL_LINEAR);
    if (pinned)
        glGenerateMipmap(GL_TEXTURE_2D);
    std::array<float, 9> rows{};
    std::ranges::transform(back.m, rows.begin(), [](double each) { return static_cast<float>(each); });
    shader_.use();
    glUniform1i(shader_.uniform("flat_picture"), 0);
    glUniform4f(shader_.uniform("place"), -1, 1, 2, -2);
    glUniform1i(shader_.uniform("pinned"), pinned ? 1 : 0);
    glUniformMatrix3fv(shader_.uniform("back"), 1, GL_TRUE, rows.data());
    glUniform1f(shader_.uniform("brightness"), static_cast<float>(colour.brightness));
    glUniform1f(shader_.uniform("contrast"), static_cast<float>(colour.contrast));
    glUniform1f(shader_.uniform("power"), static_cast<float>(1 / colour.gamma));
    glUniform3f(shader_.uniform("gain"), static_cast<float>(colour.gain[0]), static_cast<float>(colour.gain[1]),
                static_cast<float>(colour.gain[2]));
    glUniform1f(shader_.uniform("light"), light);
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    glBindVertexArray(0);
    glBindTexture(GL_TEXTURE_2D, 0);
    glUseProgram(0);
}

} // namespace atelier::gfx
