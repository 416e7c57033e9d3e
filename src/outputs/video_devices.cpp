// SPDX-License-Identifier: Apache-2.0
#include "outputs/video_devices.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace atelier::outputs {
namespace {

class SystemDevices final : public VideoDevices {
public:
    std::vector<std::filesystem::path> files() const override {
        std::vector<std::pair<int, std::filesystem::path>> found;
        std::error_code error;
        for (std::filesystem::directory_iterator it("/dev", error), end; !error && it != end; it.increment(error)) {
            const std::string name = it->path().filename().string();
            int number = 0;
            constexpr std::string_view begin = "video";
            if (name.starts_with(begin) && name.size() > begin.size() &&
                std::from_chars(name.data() + begin.size(), name.data() + name.size(), number).ptr ==
                    name.data() + name.size())
                found.emplace_back(number, it->path());
        }
        std::ranges::sort(found);
        std::vector<std::filesystem::path> out;
        for (auto& [number, path] : found)
            out.push_back(std::move(path));
        return out;
    }
    int open(const std::filesystem::path& file) override {
        const int device = ::open(file.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
        return device < 0 ? -errno : device;
    }
    int ioctl(int device, unsigned long request, void* argument) override {
        int code = 0;
        do {
            code = ::ioctl(device, request, argument);
        } while (code < 0 && errno == EINTR);
        return code < 0 ? -errno : code;
    }
    std::ptrdiff_t write(int device, const void* data, std::size_t bytes) override {
        const ssize_t written = ::write(device, data, bytes);
        return written < 0 ? -errno : written;
    }
    void close(int device) override { ::close(device); }
};

} // namespace

std::shared_ptr<VideoDevices> system_video_devices() {
    return std::make_shared<SystemDevices>();
}

std::string refusal_of(VideoDevices& devices, int device, std::string& name) {
    v4l2_capability what{};
    if (const int code = devices.ioctl(device, VIDIOC_QUERYCAP, &what); code < 0)
        return fmt::format("is no video device ({})", std::strerror(-code));
    const auto* card = reinterpret_cast<const char*>(what.card);
    name.assign(card, strnlen(card, sizeof what.card));
    const std::uint32_t can = (what.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? what.device_caps : what.capabilities;
    if ((can & V4L2_CAP_VIDEO_OUTPUT) == 0)
        return "gives pictures and takes none";
    return (can & V4L2_CAP_READWRITE) == 0 ? "takes no pictures by writing" : "";
}

std::vector<OutputDevice> output_devices(VideoDevices& devices) {
    std::vector<OutputDevice> out;
    for (const std::filesystem::path& file : devices.files()) {
        const int device = devices.open(file);
        if (device < 0)
            continue;
        OutputDevice found{file, {}};
        if (refusal_of(devices, device, found.name).empty())
            out.push_back(std::move(found));
        devices.close(device);
    }
    return out;
}

} // namespace atelier::outputs
