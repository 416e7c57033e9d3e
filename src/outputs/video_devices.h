// SPDX-License-Identifier: Apache-2.0
// VideoDevices: the system's video devices as far as pictures are written to them (Video4Linux), behind an interface,
// so that tests can stand for a device. v4l2loopback makes such devices.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace atelier::outputs {

class VideoDevices {
public:
    virtual ~VideoDevices() = default;
    virtual std::vector<std::filesystem::path> files() const = 0; // /dev/video*, in order of their numbers
    // As the system's calls of these names, without waiting; below 0: an errno, negative.
    virtual int open(const std::filesystem::path& file) = 0;
    virtual int ioctl(int device, unsigned long request, void* argument) = 0;
    virtual std::ptrdiff_t write(int device, const void* data, std::size_t bytes) = 0;
    virtual void close(int device) = 0;
};
std::shared_ptr<VideoDevices> system_video_devices();

// One that takes pictures by write().
struct OutputDevice {
    std::filesystem::path file;
    std::string name; // its own
    bool operator==(const OutputDevice&) const = default;
};

// Opens each of them, which may take a moment.
std::vector<OutputDevice> output_devices(VideoDevices& devices);

// Why pictures can't be written to an open device, in words that follow its name; empty: they can. name: its own.
std::string refusal_of(VideoDevices& devices, int device, std::string& name);

} // namespace atelier::outputs
