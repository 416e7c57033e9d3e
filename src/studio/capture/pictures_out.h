// SPDX-License-Identifier: Apache-2.0
// PicturesOut: what the audience sees, to other programs, by each way that is switched on. Part of the Capture, in the
// UI thread, which never waits for a reader.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "outputs/picture_out.h"
#include "outputs/video_devices.h"
#include "studio/services/async_query.h"

namespace atelier::studio {

struct StudioContext;

class PicturesOut {
public:
    using Make = std::function<std::unique_ptr<outputs::PictureOut>()>;
    explicit PicturesOut(StudioContext& context);
    Make make;                                      // of the PipeWire source; tests have another one
    std::shared_ptr<outputs::VideoDevices> devices; // the system's; tests have their own

    void set(bool on); // by PipeWire; remembered
    bool on() const { return pipewire_.out != nullptr; }
    // To a video device by its file; empty: to none. Remembered.
    void set_device(const std::string& file);
    const std::string& device() const { return device_file_; }
    // What became of them; only while they are on.
    outputs::OutStatus status() const { return pipewire_.out->status(); }
    outputs::OutStatus device_status() const { return device_.out->status(); }
    // The devices that take pictures, as they were within the last seconds; null: they are being looked at.
    const std::vector<outputs::OutputDevice>* found_devices();

    void picture(const std::shared_ptr<const PixelBuffer>& pixels); // a new one, no preview
    // Once a tick: light and colour of a picture that stands. True if what the window shows has changed.
    bool tick();

private:
    struct Way {
        std::unique_ptr<outputs::PictureOut> out;
        outputs::OutState told = outputs::OutState::starting;
    };
    void begin(Way& way, std::unique_ptr<outputs::PictureOut> out);
    void show();
    bool follow(Way& way, const std::function<void()>& end);

    StudioContext& context_;
    Way pipewire_, device_;
    std::string device_file_;
    outputs::ShownPicture shown_;
    AsyncQuery<int, std::vector<outputs::OutputDevice>> finding_;
};

} // namespace atelier::studio
