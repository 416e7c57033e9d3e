// SPDX-License-Identifier: Apache-2.0
// PicturesOut: what the audience sees, to other programs, while it is switched on. Part of the Capture, in the UI
// thread, which never waits for a reader.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "outputs/picture_out.h"

namespace atelier::studio {

struct StudioContext;

class PicturesOut {
public:
    using Make = std::function<std::unique_ptr<outputs::PictureOut>()>;
    explicit PicturesOut(StudioContext& context);
    Make make; // of the PipeWire source; tests have another one

    void set(bool on); // remembered
    bool on() const { return out_ != nullptr; }
    // What became of it; only while it is on.
    outputs::OutStatus status() const { return out_->status(); }

    void picture(const std::shared_ptr<const PixelBuffer>& pixels); // a new one, no preview
    // Once a tick: light and colour of a picture that stands. True if what the window shows has changed.
    bool tick();

private:
    void show();

    StudioContext& context_;
    std::unique_ptr<outputs::PictureOut> out_;
    outputs::ShownPicture shown_;
    outputs::OutState told_ = outputs::OutState::starting;
};

} // namespace atelier::studio
