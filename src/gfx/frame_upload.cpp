// SPDX-License-Identifier: Apache-2.0
#include "gfx/frame_upload.h"

#include "base/error.h"
#include "gfx/display_ladder.h"

namespace atelier::gfx {

std::unique_ptr<FrameUpload> make_frame_upload(const std::string& display) {
    const auto from = [](DisplayPath top, bool asked_for) {
        return std::make_unique<DisplayLadder>(make_cuda_display_api(), make_display_gl(), top, asked_for);
    };
    if (display == "auto")
        return from(DisplayPath::interop, false);
    if (display == "interop")
        return from(DisplayPath::interop, true);
    if (display == "staging")
        return from(DisplayPath::staging, true);
    if (display == "cpu")
        return from(DisplayPath::cpu, true);
    fail("--display {}: there is no such display path; choose auto, interop, staging or cpu", display);
}

} // namespace atelier::gfx
