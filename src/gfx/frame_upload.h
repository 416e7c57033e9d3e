// SPDX-License-Identifier: Apache-2.0
// FrameUpload: how a finished Frame becomes a texture; owned by whoever owns the window, used on its thread with its
// OpenGL context current.
#pragma once

#include <memory>
#include <string>

#include "base/frame.h"

namespace atelier::gfx {

class FrameUpload {
public:
    virtual ~FrameUpload() = default;
    // Makes the frame the one that texture() shows. Frames without a picture are ignored. Never throws for a failing
    // device: there is always a slower way.
    virtual void upload(const Frame& frame) = 0;
    virtual unsigned texture() const = 0; // 0 before the first upload
    virtual int width() const = 0;
    virtual int height() const = 0;
    // For the status line, after each upload: the way it went, and why no better one.
    virtual std::string describe() const = 0;
    // The OpenGL context was lost and another is current: drops all that belonged to it and begins anew, with nothing
    // shown until the next upload.
    virtual void lost() = 0;
};

// `display` is auto (the best that works), or where to begin: interop, staging or cpu. Throws Error for another name.
std::unique_ptr<FrameUpload> make_frame_upload(const std::string& display);

} // namespace atelier::gfx
