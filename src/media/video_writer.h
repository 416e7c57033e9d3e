// SPDX-License-Identifier: Apache-2.0
// VideoWriter: RGBA pictures to H.264 in MP4 through libav. Owns the encoder and the file until finish().
#pragma once

#include <filesystem>
#include <memory>

#include "media/frame_sink.h"

namespace atelier::media {

struct VideoOptions {
    std::filesystem::path path; // *.mp4; appears when finish() returns, an older file is replaced then
    int width = 0;              // of the pictures given, 2..16384; an odd side gets its last row or column twice
    int height = 0;
    double fps = 30;            // 1..240; with variable_rate only a hint and the last frame's length
    bool variable_rate = false; // add(frame, seconds) instead of add(frame)
    int crf = 16;               // 0 (lossless) .. 51
    bool live = false;          // see VideoWriter
    int threads = 0;            // of the encoder; 0: all cores
};

// yuv420p in BT.709, limited range, tagged so. While it is written, the file is "<name>.part-..." beside the target.
// With `live` the encoder is quick and that part file is a fragmented MP4: its header stands at the front and every
// second of video follows as a fragment complete in itself, pushed to the system at once. So when the program is
// killed, the part file plays up to its last whole second: rename it to *.mp4. finish() then rewrites it, without
// encoding again, as a plain MP4 that editors and browsers seek in.
class VideoWriter final : public FrameSink {
public:
    // Throws Error: unwritable folder, options out of range, no H.264 encoder.
    explicit VideoWriter(const VideoOptions& options);
    ~VideoWriter() override;
    VideoWriter(const VideoWriter&) = delete;
    VideoWriter& operator=(const VideoWriter&) = delete;

    void add(const PixelBuffer& frame) override;        // at frames() / fps
    void add(const PixelBuffer& frame, double seconds); // variable_rate: later than the one before, first at >= 0
    void finish() override;                             // at least one frame must have come
    void cancel() noexcept override;
    std::int64_t frames() const override;

    const std::filesystem::path& part_file() const; // the temporary name

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace atelier::media
