// SPDX-License-Identifier: Apache-2.0
// FrameReader: the frames of an animation (GIF, APNG, WebP), each as it is shown: put together of what came before.
// Used by one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "io/byte_reader.h"
#include "prepare/picture.h"

namespace atelier::prepare {

class FrameReader {
public:
    virtual ~FrameReader() = default;
    // From 0 on; the next one is cheap, an earlier one starts anew. BGRA, not premultiplied, not yet in sRGB. Throws
    // Error beginning with the name: damaged, or no such frame.
    cv::Mat at(int index);

protected:
    virtual void restart() = 0;
    virtual cv::Mat next() = 0; // may be a view of what the next call changes

private:
    int next_ = -1; // index of what next() gives; -1: not begun
};

// `data` must outlive the reader. The header was looked at: `width` and `height` are within the limits.
std::unique_ptr<FrameReader> gif_frames(io::Bytes data, const std::string& name, int width, int height);
std::unique_ptr<FrameReader> png_frames(io::Bytes data, const std::string& name, int width, int height);
std::unique_ptr<FrameReader> webp_frames(io::Bytes data, const std::string& name, int width, int height);

// The one for the file's kind, which read_header calls animated.
std::unique_ptr<FrameReader> open_frames(io::Bytes data, const std::string& name);

} // namespace atelier::prepare
