// SPDX-License-Identifier: Apache-2.0
#include "studio/capture/pictures_out.h"

#include "outputs/pipewire_source.h"
#include "studio/core/context.h"

namespace atelier::studio {

PicturesOut::PicturesOut(StudioContext& context)
    : make([] { return std::make_unique<outputs::PipeWireSource>("Atelier"); }), context_(context) {}

void PicturesOut::set(bool on) {
    context_.settings.pipewire_out = on;
    if (on == this->on())
        return;
    out_ = on ? make() : nullptr;
    told_ = outputs::OutState::starting;
    shown_ = {};
    if (on && context_.playback.shown().pixels)
        picture(context_.playback.shown().pixels);
}

void PicturesOut::show() {
    shown_.look = context_.playback.look();
    shown_.light = context_.playback.light();
    out_->show(shown_);
}

void PicturesOut::picture(const std::shared_ptr<const PixelBuffer>& pixels) {
    if (!out_)
        return;
    shown_.pixels = pixels;
    show();
}

bool PicturesOut::tick() {
    if (!out_) {
        if (context_.settings.pipewire_out && !context_.outside_closed) // as the last run had it
            set(true);
        return false;
    }
    if (shown_.pixels && (shown_.look != context_.playback.look() || shown_.light != context_.playback.light()))
        show();
    const outputs::OutStatus now = out_->status();
    if (now.state == told_)
        return false;
    told_ = now.state;
    if (now.state == outputs::OutState::failed) {
        context_.toasts.add(ToastKind::bad, "No pictures go out", now.message);
        set(false);
    }
    return true;
}

} // namespace atelier::studio
