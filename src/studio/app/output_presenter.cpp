// SPDX-License-Identifier: Apache-2.0
#include "studio/app/output_presenter.h"

#include <utility>

#include "base/error.h"
#include "studio/shell/keyboard.h"
#include "studio/shell/panels.h"

namespace atelier::studio {

bool OutputShow::follow(Studio& studio, double seconds) {
    Output& output = studio.output;
    const bool found = look_for_monitors(studio, seconds);
    const bool key = output_ && take_input(studio);
    if (output_ && output_->monitor_lost()) {
        studio.toasts.add(ToastKind::bad, "The output window's monitor is gone",
                          output.monitor + " is no longer connected. O opens the window on another one.");
        output.wanted = false;
    }
    if (output_ && output_->close_requested())
        output.wanted = false;
    if (output_ && (!output.wanted || studio.settings.output_monitor != asked_for_))
        close(studio);
    if (output.wanted && !output_)
        open(studio);
    return key || found;
}

// The window system is asked only when somebody looks: it takes a moment.
bool OutputShow::look_for_monitors(Studio& studio, double seconds) {
    monitors_age_ += seconds;
    const bool opens = studio.output.wanted && !output_;
    const bool wanted = std::exchange(studio.output.monitors_wanted, false);
    const bool asked = wanted || studio.ui.dialog == Dialog::settings;
    if (!opens && !(asked && monitors_age_ > 1))
        return false;
    monitors_age_ = 0;
    monitors_ = gfx::list_monitors(window_.handle());
    studio.output.monitors.clear();
    for (const gfx::Monitor& monitor : monitors_)
        studio.output.monitors.push_back({monitor.label, monitor.holds_window});
    return wanted && !monitors_.empty();
}

void OutputShow::open(Studio& studio) {
    Output& output = studio.output;
    asked_for_ = studio.settings.output_monitor;
    const int chosen = choose_monitor(output.monitors, asked_for_);
    try {
        if (chosen < 0)
            fail("the window system names no monitor");
        const gfx::Monitor& monitor = monitors_[static_cast<std::size_t>(chosen)];
        output_ = std::make_unique<gfx::OutputWindow>(window_, monitor);
        output.open = true;
        output.drawn = 0;
        output.monitor = monitor.label;
    } catch (const std::exception& error) {
        output.wanted = false;
        studio.toasts.add(ToastKind::bad, "The output window can't be opened", message_of(error));
    }
    drawn_.reset();
}

void OutputShow::close(Studio& studio) {
    output_.reset();
    studio.output.open = false;
    studio.output.card = false; // no show begins with it
}

// Its keys are the studio's own, but for those that close it.
bool OutputShow::take_input(Studio& studio) {
    bool any = false;
    for (const KeyEvent& key : output_->take_keys()) {
        any = true;
        keys_pressed_ += key.repeat || key.released ? 0 : 1;
        const bool o = key.key == Key::letter && key.letter == 'o' && !key.ctrl && !key.shift && !key.alt;
        if (o || key.key == Key::escape) {
            if (!key.released && !key.repeat)
                studio.output.wanted = false;
        } else {
            handle_key(studio, key, false);
        }
    }
    for (const char32_t c : output_->take_characters())
        handle_character(studio, c, false);
    return any;
}

void OutputShow::draw(Studio& studio, const gfx::FrameUpload& picture) {
    if (!output_)
        return;
    Output& output = studio.output;
    const ViewState& view = studio.state.view;
    const Drawn now{studio.playback.counters.pictures,
                    view.pixels,
                    studio.playback.light(),
                    studio.playback.look(),
                    output.card,
                    projector_of(studio.settings.projectors, output.monitor)};
    const gfx::PixelSize size = output_->framebuffer_size();
    if (!output_->take_exposed() && drawn_ == now && output.width == size.width && output.height == size.height)
        return;
    drawn_ = now;
    output.width = size.width;
    output.height = size.height;
    const auto [width, height] = studio.playback.picture_size();
    const Box place = place_output(view, size.width, size.height, width, height);
    gfx::PictureDraw what;
    what.texture = picture.texture();
    what.width = picture.width();
    what.height = picture.height();
    what.place = {place.x, place.y, place.width, place.height};
    what.clip = {0, 0, static_cast<float>(size.width), static_cast<float>(size.height)};
    what.pixels = view.pixels && !studio.playback.shown().preview;
    what.brightness = static_cast<float>(now.light);
    what.look = look_map(now.look);
    what.checker = 0;
    gfx::OutputLook look;
    output_->draw(what, {now.projector.pin, now.projector.colour, now.card}, looks_ ? &look : nullptr);
    output.hash = look.hash;
    output.corner = look.corner;
    output.middle = look.middle;
    ++output.drawn;
}

} // namespace atelier::studio
