// SPDX-License-Identifier: Apache-2.0
// DisplayLadder: the FrameUpload that takes the fastest way which works here: CUDA-OpenGL interop, pinned staging, host
// pixels. It steps down at the first failing call and remembers that, with the reason.
#pragma once

#include <memory>
#include <string>

#include "gfx/cuda_display_api.h"
#include "gfx/display_gl.h"
#include "gfx/display_rungs.h"
#include "gfx/frame_upload.h"

namespace atelier::gfx {

enum class DisplayPath { interop, staging, cpu };

class DisplayLadder final : public FrameUpload {
public:
    // Begins at `top`; asked_for: by name, so describe() also says why pictures made on the CPU don't go that way.
    // Nothing of CUDA is called before the first picture that a CUDA device made.
    DisplayLadder(std::unique_ptr<CudaDisplayApi> cuda, std::unique_ptr<DisplayGl> gl, DisplayPath top, bool asked_for);
    ~DisplayLadder() override;
    DisplayLadder(const DisplayLadder&) = delete;
    DisplayLadder& operator=(const DisplayLadder&) = delete;

    void upload(const Frame& frame) override;
    unsigned texture() const override { return shown_.texture; }
    int width() const override { return shown_.width; }
    int height() const override { return shown_.height; }
    std::string describe() const override; // "CUDA interop", "pinned staging (interop: <reason>)", "pixel buffers"
    void lost() override;

private:
    bool show_from_device(const DeviceBuffer& picture);
    void step_down(const std::string& reason);

    std::unique_ptr<CudaDisplayApi> cuda_;
    std::unique_ptr<DisplayGl> gl_;
    const DisplayPath top_;
    const bool asked_for_;
    DisplayPath path_;                  // of pictures on a device
    std::unique_ptr<DisplayRung> rung_; // of path_, made when first needed
    HostTexture host_;
    ShownTexture shown_;
    DisplayPath shown_by_ = DisplayPath::cpu;
    std::string reasons_;
};

} // namespace atelier::gfx
