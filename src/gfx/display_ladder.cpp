// SPDX-License-Identifier: Apache-2.0
#include "gfx/display_ladder.h"

#include "base/error.h"
#include "base/log.h"

namespace atelier::gfx {
namespace {

const char* option_name(DisplayPath path) {
    return path == DisplayPath::interop ? "interop" : path == DisplayPath::staging ? "staging" : "cpu";
}

const char* status_name(DisplayPath path) {
    return path == DisplayPath::interop   ? "CUDA interop"
           : path == DisplayPath::staging ? "pinned staging"
                                          : "pixel buffers";
}

} // namespace

DisplayLadder::DisplayLadder(std::unique_ptr<CudaDisplayApi> cuda, std::unique_ptr<DisplayGl> gl, DisplayPath top,
                             bool asked_for)
    : cuda_(std::move(cuda)), gl_(std::move(gl)), top_(top), asked_for_(asked_for), path_(top), host_(*gl_) {}

DisplayLadder::~DisplayLadder() = default;

void DisplayLadder::upload(const Frame& frame) {
    if (frame.device && show_from_device(*frame.device))
        return;
    if (!frame.pixels || frame.pixels->rgba.empty())
        return;
    const PixelBuffer& pixels = *frame.pixels;
    shown_ = host_.show(pixels.width, pixels.height, pixels.rgba.data());
    shown_by_ = DisplayPath::cpu;
}

bool DisplayLadder::show_from_device(const DeviceBuffer& picture) {
    while (path_ != DisplayPath::cpu) {
        try {
            if (!rung_) {
                rung_ = path_ == DisplayPath::interop ? make_interop_rung(*cuda_, *gl_) //
                                                      : make_staging_rung(*cuda_, *gl_);
            }
            shown_ = rung_->show(picture);
            shown_by_ = path_;
            return true;
        } catch (const std::exception& error) {
            step_down(message_of(error));
        }
    }
    return false;
}

void DisplayLadder::step_down(const std::string& reason) {
    log_warning("Display: {} does not work here: {}", status_name(path_), reason);
    if (!reasons_.empty())
        reasons_ += "; ";
    reasons_ += fmt::format("{}: {}", option_name(path_), reason);
    if (shown_by_ == path_) {
        shown_ = {};
        shown_by_ = DisplayPath::cpu;
    }
    rung_.reset();
    path_ = path_ == DisplayPath::interop ? DisplayPath::staging : DisplayPath::cpu;
}

std::string DisplayLadder::describe() const {
    const std::string name = status_name(shown_by_);
    if (!reasons_.empty())
        return fmt::format("{} ({})", name, reasons_);
    if (asked_for_ && shown_.texture != 0 && shown_by_ != top_)
        return fmt::format("{} ({}: the pictures are made on the CPU)", name, option_name(top_));
    return name;
}

void DisplayLadder::lost() {
    gl_->forget();
    host_.forget();
    if (rung_)
        rung_->forget_gl();
    rung_.reset();
    shown_ = {};
    shown_by_ = DisplayPath::cpu;
    path_ = top_;
    reasons_.clear();
}

} // namespace atelier::gfx
