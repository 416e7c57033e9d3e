// SPDX-License-Identifier: Apache-2.0
// DisplayGl: the OpenGL calls of the display ladder, apart so that it is tested without a context. Owned by the ladder.
#pragma once

#include <cstdint>
#include <memory>

namespace atelier::gfx {

class DisplayGl {
public:
    virtual ~DisplayGl() = default;
    // An RGBA8 texture with storage, smoothly scaled, clamped at its edges; the content is undefined.
    virtual unsigned create_texture(int width, int height) = 0;
    virtual void delete_texture(unsigned texture) noexcept = 0;
    // Replaces the whole texture by width * height * 4 tightly packed bytes, which are read before it returns.
    virtual void write_texture(unsigned texture, int width, int height, const std::uint8_t* rgba) = 0;
    // The context is gone: names of it, also those kept in here, mean nothing any more.
    virtual void forget() noexcept = 0;
};

// The current context's. Writes go through two pixel buffer objects in turn, each orphaned before it is filled, so
// that neither the driver nor this thread waits for the other.
std::unique_ptr<DisplayGl> make_display_gl();

} // namespace atelier::gfx
