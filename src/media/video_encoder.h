// SPDX-License-Identifier: Apache-2.0
// VideoEncoder: RGBA pictures to the packets of one codec. Owns the codec, not the file. Included by src/media/*.cpp
// and tests only.
#pragma once

#include <cstdint>
#include <vector>

#include "base/frame.h"
#include "media/libav.h"
#include "media/output.h"

namespace atelier::media {

// H.264: yuv420p; ProRes: yuv422p10, yuv444p10 or yuva444p10; both BT.709, limited range, tagged so. FFV1: 8-bit RGB or
// RGBA, every bit.
class VideoEncoder {
public:
    // Packets count in `time_base`. Throws Error naming options.path.
    VideoEncoder(const OutputOptions& options, AVRational time_base);

    const AVCodecContext& context() const { return *codec_; }

    // A picture of options.width x options.height at `pts`. Throws Error.
    void send(const PixelBuffer& picture, std::int64_t pts);
    void end(); // no more will come
    // The next packet that is ready; false if there is none (yet).
    bool receive(AVPacket& packet);

private:
    void open(AVRational time_base);
    void choose_format();
    AVDictionary* settings();
    void open_scaler();
    const PixelBuffer& fitting(const PixelBuffer& picture);
    const std::uint8_t* padded(const PixelBuffer& picture);
    void check(int code) const;

    OutputOptions options_;
    CodecPtr codec_;
    SwsPtr scaler_;
    FramePtr frame_;
    std::vector<std::uint8_t> wide_;
    PixelBuffer on_black_;
};

} // namespace atelier::media
