// SPDX-License-Identifier: Apache-2.0
#include "outputs/v4l2_output.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include <linux/videodev2.h>

#include "base/error.h"
#include "outputs/yuyv.h"

namespace atelier::outputs {
namespace {
using namespace std::chrono_literals;
constexpr auto repeated = 100ms; // a picture that stands
} // namespace

V4l2Output::V4l2Output(std::filesystem::path file, std::shared_ptr<VideoDevices> devices)
    : file_(std::move(file)), devices_(std::move(devices)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

V4l2Output::~V4l2Output() {
    thread_.request_stop();
    thread_.join();
}

void V4l2Output::show(ShownPicture picture) {
    {
        const std::lock_guard lock(mutex_);
        newest_ = std::move(picture);
        fresh_ = true;
    }
    wake_.notify_one();
}

OutStatus V4l2Output::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

void V4l2Output::run(const std::stop_token& stop) {
    try {
        open(); // what is wrong with it shows before there are pictures
        while (!stop.stop_requested()) {
            ShownPicture picture;
            bool again = false;
            {
                std::unique_lock lock(mutex_);
                wake_.wait_for(lock, stop, repeated, [this] { return fresh_; });
                again = !std::exchange(fresh_, false);
                picture = newest_;
            }
            if (picture.pixels && !stop.stop_requested())
                write(picture, again);
        }
    } catch (const std::exception& error) {
        const std::lock_guard lock(mutex_);
        status_.state = OutState::failed;
        status_.message = message_of(error);
    }
    close();
}

void V4l2Output::open() {
    device_ = devices_->open(file_);
    if (device_ < 0)
        fail("{} can't be opened: {}.", file_.string(), std::strerror(-device_));
    std::string name;
    if (const std::string why = refusal_of(*devices_, device_, name); !why.empty())
        fail("{} {}; a device of v4l2loopback takes them.", file_.string(), why);
}

void V4l2Output::close() {
    if (device_ >= 0)
        devices_->close(device_);
    device_ = -1;
    width_ = height_ = 0;
}

void V4l2Output::set_size(int width, int height) {
    if (width_ != 0) { // a device keeps its size as long as it is held
        close();
        open();
    }
    v4l2_format format{};
    format.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
    format.fmt.pix.width = static_cast<std::uint32_t>(yuyv_width(width));
    format.fmt.pix.height = static_cast<std::uint32_t>(height);
    format.fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV;
    format.fmt.pix.field = V4L2_FIELD_NONE;
    format.fmt.pix.bytesperline = 2 * format.fmt.pix.width;
    format.fmt.pix.sizeimage = format.fmt.pix.bytesperline * format.fmt.pix.height;
    format.fmt.pix.colorspace = V4L2_COLORSPACE_SRGB;
    format.fmt.pix.ycbcr_enc = V4L2_YCBCR_ENC_601;
    format.fmt.pix.quantization = V4L2_QUANTIZATION_LIM_RANGE;
    const v4l2_pix_format wanted = format.fmt.pix;
    if (const int code = devices_->ioctl(device_, VIDIOC_S_FMT, &format); code < 0)
        fail("{} takes no pictures of {} x {}: {}{}.", file_.string(), wanted.width, wanted.height,
             std::strerror(-code), code == -EBUSY ? " with another size; end the programs that read it" : "");
    const v4l2_pix_format& given = format.fmt.pix;
    if (given.width != wanted.width || given.height != wanted.height || given.pixelformat != wanted.pixelformat)
        fail("{} takes pictures of {} x {} in a format of its own, not YUYV of {} x {}; end the programs that read it.",
             file_.string(), given.width, given.height, wanted.width, wanted.height);
    width_ = width;
    height_ = height;
    row_ = std::max(given.bytesperline, wanted.bytesperline);
    bytes_ = std::max<std::size_t>(given.sizeimage, row_ * static_cast<std::size_t>(height));
}

void V4l2Output::write(const ShownPicture& picture, bool again) {
    const PixelBuffer& pixels = *picture.pixels;
    if (pixels.width != width_ || pixels.height != height_) {
        set_size(pixels.width, pixels.height);
        again = false;
    }
    if (!again || data_.empty()) {
        to_yuyv(as_seen(picture), row_, data_);
        data_.resize(bytes_);
    }
    const std::ptrdiff_t written = devices_->write(device_, data_.data(), data_.size());
    if (written == -EAGAIN || written == -EINTR)
        return; // its room is full; the next one
    if (written < 0)
        fail("{} takes no more pictures: {}.", file_.string(), std::strerror(static_cast<int>(-written)));
    const std::lock_guard lock(mutex_);
    status_.state = OutState::streaming;
    ++status_.delivered;
}

} // namespace atelier::outputs
