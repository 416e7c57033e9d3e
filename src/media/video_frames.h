// SPDX-License-Identifier: Apache-2.0
// VideoFrames: single pictures out of a video file through libav. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace atelier::io {
class InputFile;
}

namespace atelier::media {

struct VideoPicture {
    int width = 0, height = 0;
    std::vector<std::uint8_t> pixels; // BGR, interleaved, turned as the file says
};

class VideoFrames {
public:
    // Throws Error "<path>: ..." if it is no video that can be read, or larger than 16384 px a side.
    explicit VideoFrames(const std::filesystem::path& path);
    // Reads that file and opens no other, whatever stands in it.
    explicit VideoFrames(std::shared_ptr<const io::InputFile> file);
    ~VideoFrames();
    VideoFrames(const VideoFrames&) = delete;
    VideoFrames& operator=(const VideoFrames&) = delete;

    double seconds() const; // 0: the file doesn't say
    // The picture shown at `seconds`, or the last one before if the video ends earlier. Cheap for growing times. Throws
    // Error "<path>: ..." if none can be decoded there.
    VideoPicture at(double seconds);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace atelier::media
