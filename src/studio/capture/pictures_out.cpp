// SPDX-License-Identifier: Apache-2.0
#include "studio/capture/pictures_out.h"

#include "outputs/pipewire_source.h"
#include "outputs/v4l2_output.h"
#include "studio/core/context.h"

namespace atelier::studio {
namespace {
constexpr double look_again = 3; // seconds, for devices
}

PicturesOut::PicturesOut(StudioContext& context)
    : make([] { return std::make_unique<outputs::PipeWireSource>("Atelier"); }),
      devices(outputs::system_video_devices()), context_(context) {}

void PicturesOut::begin(Way& way, std::unique_ptr<outputs::PictureOut> out) {
    way.out = std::move(out);
    way.told = outputs::OutState::starting;
    if (way.out && context_.playback.shown().pixels)
        picture(context_.playback.shown().pixels);
}

void PicturesOut::set(bool on) {
    context_.settings.pipewire_out = on;
    if (on != this->on())
        begin(pipewire_, on ? make() : nullptr);
}

void PicturesOut::set_device(const std::string& file) {
    context_.settings.video_device_out = file;
    if (file == device_file_)
        return;
    device_file_ = file;
    device_.out.reset(); // the one before is let go first
    begin(device_, file.empty() ? nullptr : std::make_unique<outputs::V4l2Output>(file, devices));
}

const std::vector<outputs::OutputDevice>* PicturesOut::found_devices() {
    return finding_.ask(
        0, [devices = devices](int) { return outputs::output_devices(*devices); }, look_again);
}

void PicturesOut::show() {
    shown_.look = context_.playback.look();
    shown_.light = context_.playback.light();
    for (const Way* way : {&pipewire_, &device_}) {
        if (way->out)
            way->out->show(shown_);
    }
}

void PicturesOut::picture(const std::shared_ptr<const PixelBuffer>& pixels) {
    if (!pipewire_.out && !device_.out)
        return;
    shown_.pixels = pixels;
    show();
}

bool PicturesOut::follow(Way& way, const std::function<void()>& end) {
    if (!way.out)
        return false;
    const outputs::OutStatus now = way.out->status();
    if (now.state == way.told)
        return false;
    way.told = now.state;
    if (now.state == outputs::OutState::failed) {
        context_.toasts.add(ToastKind::bad, "No pictures go out", now.message);
        end();
    }
    return true;
}

bool PicturesOut::tick() {
    const Settings& settings = context_.settings;
    if (settings.pipewire_out && !pipewire_.out && !context_.outside_closed) // as the last run had it
        set(true);
    if (!settings.video_device_out.empty() && !device_.out && !context_.outside_closed)
        set_device(settings.video_device_out);
    if (!pipewire_.out && !device_.out) {
        shown_ = {};
        return false;
    }
    if (shown_.pixels && (shown_.look != context_.playback.look() || shown_.light != context_.playback.light()))
        show();
    bool changed = follow(pipewire_, [this] { set(false); });
    changed |= follow(device_, [this] { set_device(""); });
    return changed;
}

} // namespace atelier::studio
