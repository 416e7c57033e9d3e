// SPDX-License-Identifier: Apache-2.0
#include "prepare/frames.h"

#include "base/error.h"
#include "prepare/picture_header.h"

namespace atelier::prepare {

cv::Mat FrameReader::at(int index) {
    if (next_ < 0 || index < next_) {
        next_ = -1;
        restart();
        next_ = 0;
    }
    cv::Mat frame;
    for (; next_ <= index; ++next_) {
        frame = next();
    }
    return frame.clone();
}

std::unique_ptr<FrameReader> open_frames(io::Bytes data, const std::string& name) {
    const HeaderFacts facts = read_header(data, name);
    const int width = static_cast<int>(facts.width), height = static_cast<int>(facts.height);
    switch (facts.kind) {
    case Kind::gif: return gif_frames(data, name, width, height);
    case Kind::png: return png_frames(data, name, width, height);
    case Kind::webp: return webp_frames(data, name, width, height);
    default: fail("{}: is no animation", name);
    }
}

} // namespace atelier::prepare
