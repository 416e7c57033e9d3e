// SPDX-License-Identifier: Apache-2.0
// FakeVideoDevices: stands for the system's video devices, as v4l2loopback's behave.
#pragma once

#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <linux/videodev2.h>

#include "outputs/video_devices.h"

namespace atelier::test {

class FakeVideoDevices final : public outputs::VideoDevices {
    template <class Look> auto locked(const Look& look) const {
        const std::lock_guard lock(mutex_);
        return look();
    }

public:
    struct Device {
        std::string name;
        std::uint32_t capabilities = V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_READWRITE;
        int open_code = 0, query_code = 0, format_code = 0, write_code = 0; // negative errno: that fails
        std::uint32_t row = 0;                                              // bytes; 0: as asked for
        std::uint32_t force_width = 0;                                      // 0: as asked for
    };
    void add(const std::string& file, Device device) {
        const std::lock_guard lock(mutex_);
        devices_[file] = std::move(device);
    }
    // From now on.
    template <class T> void set(const std::string& file, T Device::*member, T value) {
        const std::lock_guard lock(mutex_);
        devices_.at(file).*member = value;
    }

    std::size_t tries() const { // to write, with those that failed
        return locked([&] { return tries_; });
    }
    std::size_t written() const {
        return locked([&] { return written_; });
    }
    std::vector<std::uint8_t> last() const {
        return locked([&] { return last_; });
    }
    v4l2_pix_format format() const {
        return locked([&] { return format_; });
    }
    int formats() const {
        return locked([&] { return formats_; });
    }
    int open_now() const {
        return locked([&] { return static_cast<int>(open_.size()); });
    }
    bool waiting() const {
        return locked([&] { return waiting_; });
    }
    void hold(bool on) { // write() doesn't return meanwhile
        {
            const std::lock_guard lock(mutex_);
            held_ = on;
        }
        wake_.notify_all();
    }

    std::vector<std::filesystem::path> files() const override {
        std::vector<std::filesystem::path> out;
        for (const auto& [file, device] : devices_)
            out.emplace_back(file);
        return out;
    }
    int open(const std::filesystem::path& file) override {
        const std::lock_guard lock(mutex_);
        const auto found = devices_.find(file.string());
        if (found == devices_.end())
            return -ENOENT;
        if (found->second.open_code < 0)
            return found->second.open_code;
        open_[++numbers_] = &found->second;
        return numbers_;
    }
    int ioctl(int device, unsigned long request, void* argument) override {
        const std::lock_guard lock(mutex_);
        const Device& it = *open_.at(device);
        if (request == VIDIOC_QUERYCAP) {
            auto& what = *static_cast<v4l2_capability*>(argument);
            std::strncpy(reinterpret_cast<char*>(what.card), it.name.c_str(), sizeof what.card - 1);
            what.capabilities = V4L2_CAP_DEVICE_CAPS | V4L2_CAP_VIDEO_CAPTURE; // of all that the driver has
            what.device_caps = it.capabilities;
            return it.query_code;
        }
        if (request != VIDIOC_S_FMT)
            return -ENOTTY;
        auto& wanted = *static_cast<v4l2_format*>(argument);
        if (it.format_code < 0 || wanted.type != V4L2_BUF_TYPE_VIDEO_OUTPUT)
            return it.format_code < 0 ? it.format_code : -EINVAL;
        if (it.force_width > 0)
            wanted.fmt.pix.width = it.force_width;
        if (it.row > 0) {
            wanted.fmt.pix.bytesperline = it.row;
            wanted.fmt.pix.sizeimage = it.row * wanted.fmt.pix.height;
        }
        format_ = wanted.fmt.pix;
        ++formats_;
        return 0;
    }
    std::ptrdiff_t write(int device, const void* data, std::size_t bytes) override {
        std::unique_lock lock(mutex_);
        waiting_ = held_;
        wake_.wait(lock, [this] { return !held_; });
        waiting_ = false;
        ++tries_;
        const Device& it = *open_.at(device);
        if (it.write_code < 0)
            return it.write_code;
        const auto* from = static_cast<const std::uint8_t*>(data);
        last_.assign(from, from + bytes);
        ++written_;
        return static_cast<std::ptrdiff_t>(bytes);
    }
    void close(int device) override {
        const std::lock_guard lock(mutex_);
        open_.erase(device);
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::map<std::string, Device> devices_;
    std::map<int, Device*> open_;
    int numbers_ = 100, formats_ = 0;
    std::size_t written_ = 0, tries_ = 0;
    std::vector<std::uint8_t> last_;
    v4l2_pix_format format_{};
    bool held_ = false, waiting_ = false;
};

} // namespace atelier::test
