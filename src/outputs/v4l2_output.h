// SPDX-License-Identifier: Apache-2.0
// V4l2Output: what is shown, written to a video device that takes pictures, such as one of v4l2loopback: other programs
// read it as a camera.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "outputs/picture_out.h"
#include "outputs/video_devices.h"

namespace atelier::outputs {

class V4l2Output final : public PictureOut {
public:
    // Pictures have the device's size from the first one on; another size is asked for anew. A picture that stands is
    // written ten times a second, since readers wait for the next one.
    V4l2Output(std::filesystem::path file, std::shared_ptr<VideoDevices> devices);
    ~V4l2Output() override;

    void show(ShownPicture picture) override;
    OutStatus status() const override; // streaming: pictures are written, whether or not anybody reads

private:
    // On its thread.
    void run(const std::stop_token& stop);
    void write(const ShownPicture& picture, bool again);
    void set_size(int width, int height);
    void open();
    void close();

    const std::filesystem::path file_;
    const std::shared_ptr<VideoDevices> devices_;
    int device_ = -1;
    int width_ = 0, height_ = 0; // as the device takes them; 0: not asked for yet
    std::size_t row_ = 0, bytes_ = 0;
    std::vector<std::uint8_t> data_;

    mutable std::mutex mutex_; // of what follows
    std::condition_variable_any wake_;
    ShownPicture newest_;
    bool fresh_ = false;
    OutStatus status_;

    std::jthread thread_; // last: it uses the rest
};

} // namespace atelier::outputs
