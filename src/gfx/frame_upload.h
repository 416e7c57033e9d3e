// SPDX-License-Identifier: Apache-2.0
// FrameUpload: how a finished Frame becomes a texture. One implementation per rung of the display ladder.
#pragma once

#include <memory>
#include <string>

#include "base/frame.h"

namespace atelier::gfx {

class FrameUpload {
public:
    virtual ~FrameUpload() = default;
    // Makes the frame the one that texture() shows. Frames without pixels are ignored.
    virtual void upload(const Frame& frame) = 0;
    virtual unsigned texture() const = 0; // 0 before the first upload
    virtual int width() const = 0;
    virtual int height() const = 0;
    virtual std::string describe() const = 0; // for the status line: "pixel buffers"
};

// Host memory through two pixel buffer objects in turn, each orphaned before it is filled, so that
// neither the driver nor this thread waits for the other.
class PboUpload final : public FrameUpload {
public:
    PboUpload();
    ~PboUpload() override;
    PboUpload(const PboUpload&) = delete;
    PboUpload& operator=(const PboUpload&) = delete;

    void upload(const Frame& frame) override;
    unsigned texture() const override { return width_ > 0 ? texture_ : 0; }
    int width() const override { return width_; }
    int height() const override { return height_; }
    std::string describe() const override { return "pixel buffers"; }

private:
    unsigned texture_ = 0;
    unsigned buffers_[2] = {0, 0};
    int next_ = 0;
    int width_ = 0;
    int height_ = 0;
};

// The best rung this machine has: "auto" or "cpu". Throws Error for another name.
std::unique_ptr<FrameUpload> make_frame_upload(const std::string& display);

} // namespace atelier::gfx
