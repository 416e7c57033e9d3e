// SPDX-License-Identifier: Apache-2.0
// The rungs of the display ladder: one way each to make a texture of a picture in a CUDA device's memory, or in the
// host's. Owned by the ladder, internal to gfx; a failed call is an Error that names the call and the reason.
#pragma once

#include <memory>

#include "base/frame.h"
#include "gfx/cuda_display_api.h"
#include "gfx/display_gl.h"

namespace atelier::gfx {

// A texture with its size; 0 when nothing was shown yet.
struct ShownTexture {
    unsigned texture = 0;
    int width = 0;
    int height = 0;
};

// The one texture that pictures in host memory are written to. The OpenGL context must be current in all calls.
class HostTexture {
public:
    explicit HostTexture(DisplayGl& gl) : gl_(gl) {}
    ~HostTexture();
    HostTexture(const HostTexture&) = delete;
    HostTexture& operator=(const HostTexture&) = delete;

    ShownTexture show(int width, int height, const std::uint8_t* rgba);
    void forget() noexcept { shown_ = {}; } // after DisplayGl::forget

private:
    DisplayGl& gl_;
    ShownTexture shown_;
};

class DisplayRung {
public:
    virtual ~DisplayRung() = default;
    // Throws Error when a call fails; the rung is of no use then and is to be destroyed.
    virtual ShownTexture show(const DeviceBuffer& picture) = 0;
    // The OpenGL context is gone: nothing of OpenGL may be deleted any more.
    virtual void forget_gl() noexcept = 0;
};

// Device memory into registered textures, two in turn, on a stream of its own; nothing passes through the host.
std::unique_ptr<DisplayRung> make_interop_rung(CudaDisplayApi& cuda, DisplayGl& gl);

// Device memory to pinned host memory, from there by pixel buffers into the texture. Waits for the copy (4 MB for
// 1024 x 1024), because the picture would otherwise be seen only with the next one.
std::unique_ptr<DisplayRung> make_staging_rung(CudaDisplayApi& cuda, DisplayGl& gl);

} // namespace atelier::gfx
