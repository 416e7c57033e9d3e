// SPDX-License-Identifier: Apache-2.0
#include "gfx/frame_upload.h"

#include <cstring>

#include <epoxy/gl.h>

#include "base/error.h"

namespace atelier::gfx {

PboUpload::PboUpload() {
    glGenTextures(1, &texture_);
    glBindTexture(GL_TEXTURE_2D, texture_);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glBindTexture(GL_TEXTURE_2D, 0);
    glGenBuffers(2, buffers_);
}

PboUpload::~PboUpload() {
    glDeleteBuffers(2, buffers_);
    glDeleteTextures(1, &texture_);
}

void PboUpload::upload(const Frame& frame) {
    if (!frame.pixels || frame.pixels->rgba.empty())
        return;
    const PixelBuffer& pixels = *frame.pixels;
    const auto bytes = static_cast<GLsizeiptr>(pixels.rgba.size());
    glBindTexture(GL_TEXTURE_2D, texture_);
    if (pixels.width != width_ || pixels.height != height_) {
        glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, pixels.width, pixels.height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
        width_ = pixels.width;
        height_ = pixels.height;
    }
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glBindBuffer(GL_PIXEL_UNPACK_BUFFER, buffers_[next_]);
    next_ ^= 1;
    glBufferData(GL_PIXEL_UNPACK_BUFFER, bytes, nullptr, GL_STREAM_DRAW);
    void* target = glMapBufferRange(GL_PIXEL_UNPACK_BUFFER, 0, bytes, GL_MAP_WRITE_BIT | GL_MAP_INVALIDATE_BUFFER_BIT);
    bool filled = false;
    if (target) {
        std::memcpy(target, pixels.rgba.data(), pixels.rgba.size());
        filled = glUnmapBuffer(GL_PIXEL_UNPACK_BUFFER) == GL_TRUE;
    }
    if (filled) {
        glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width_, height_, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
    }
    glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
    if (!filled) { // the driver lost or refused the buffer: the plain way always works
        glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width_, height_, GL_RGBA, GL_UNSIGNED_BYTE, pixels.rgba.data());
    }
    glBindTexture(GL_TEXTURE_2D, 0);
}

std::unique_ptr<FrameUpload> make_frame_upload(const std::string& display) {
    if (display != "auto" && display != "cpu") {
        fail("--display {}: there is no such display path; choose auto or cpu", display);
    }
    return std::make_unique<PboUpload>();
}

} // namespace atelier::gfx
