// SPDX-License-Identifier: Apache-2.0
#include "gfx/projection.h"

#include <algorithm>

#include <epoxy/gl.h>

#include "shaders.h"

namespace atelier::gfx {

Projection::Projection() : shader_("output", embedded::picture_vert, embedded::output_frag) {
    glGenVertexArrays(1, &vertex_array_);
    glGenTextures(1, &flat_);
    glBindTexture(GL_TEXTURE_2D, flat_);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glBindTexture(GL_TEXTURE_2D, 0);
    glGenFramebuffers(1, &target_);
}

Projection::~Projection() {
    glDeleteFramebuffers(1, &target_);
    glDeleteTextures(1, &flat_);
    glDeleteVertexArrays(1, &vertex_array_);
}

unsigned Projection::begin(PixelSize size) {
    glBindFramebuffer(GL_FRAMEBUFFER, target_);
    if (!(size == flat_size_)) {
        glBindTexture(GL_TEXTURE_2D, flat_);
        // Half floats, so that a steep gamma makes no steps of its own.
        glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA16F, size.width, size.height, 0, GL_RGBA, GL_HALF_FLOAT, nullptr);
        glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, flat_, 0);
        flat_size_ = size;
    }
    glViewport(0, 0, size.width, size.height);
    glDisable(GL_SCISSOR_TEST);
    glClearColor(0, 0, 0, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    return target_;
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
    glBindTexture(GL_TEXTURE_2D, flat_);
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
