// SPDX-License-Identifier: Apache-2.0
#include "gfx/display_gl.h"

#include <cstring>

#include <epoxy/gl.h>

namespace atelier::gfx {
namespace {

class RealGl final : public DisplayGl {
public:
    RealGl() = default;
    RealGl(const RealGl&) = delete;
    RealGl& operator=(const RealGl&) = delete;
    ~RealGl() override {
        if (buffers_[0] != 0)
            glDeleteBuffers(2, buffers_);
    }

    unsigned create_texture(int width, int height) override {
        unsigned texture = 0;
        glGenTextures(1, &texture);
        glBindTexture(GL_TEXTURE_2D, texture);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
        glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
        glBindTexture(GL_TEXTURE_2D, 0);
        return texture;
    }

    void delete_texture(unsigned texture) noexcept override { glDeleteTextures(1, &texture); }

    void write_texture(unsigned texture, int width, int height, const std::uint8_t* rgba) override {
        const auto bytes = static_cast<GLsizeiptr>(width) * height * 4;
        if (buffers_[0] == 0)
            glGenBuffers(2, buffers_);
        glBindTexture(GL_TEXTURE_2D, texture);
        glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
        glBindBuffer(GL_PIXEL_UNPACK_BUFFER, buffers_[next_]);
        next_ ^= 1;
        glBufferData(GL_PIXEL_UNPACK_BUFFER, bytes, nullptr, GL_STREAM_DRAW);
        void* target =
            glMapBufferRange(GL_PIXEL_UNPACK_BUFFER, 0, bytes, GL_MAP_WRITE_BIT | GL_MAP_INVALIDATE_BUFFER_BIT);
        bool filled = false;
        if (target) {
            std::memcpy(target, rgba, static_cast<std::size_t>(bytes));
            filled = glUnmapBuffer(GL_PIXEL_UNPACK_BUFFER) == GL_TRUE;
        }
        if (filled) {
            glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
        }
        glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
        if (!filled) { // the driver lost or refused the buffer: the plain way always works
            glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, rgba);
        }
        glBindTexture(GL_TEXTURE_2D, 0);
    }

    void forget() noexcept override { buffers_[0] = buffers_[1] = 0; }

private:
    unsigned buffers_[2] = {0, 0};
    int next_ = 0;
};

} // namespace

std::unique_ptr<DisplayGl> make_display_gl() {
    return std::make_unique<RealGl>();
}

} // namespace atelier::gfx
