// SPDX-License-Identifier: Apache-2.0
// VideoWriter: RGBA pictures to a video file through libav. Owns the encoder and the file until finish().
#pragma once

#include <filesystem>
#include <memory>

#include "media/output.h"

namespace atelier::media {

// The file appears when finish() returns; an older one is replaced then. width and height are of the pictures given,
// 2..16384. Not Codec::png.
struct VideoOptions : OutputOptions {
    bool variable_rate = false; // add(frame, seconds) instead of add(frame); fps is then the last frame's length
};

// H.264 in MP4, ProRes in QuickTime, FFV1 in Matroska. While it is written, the file is "<name>.part-..." beside the
// target. With `live` the encoder is quick and that part file plays after a kill: an MP4 or QuickTime file in fragments
// (its header stands at the front and every second of H.264, every picture of ProRes, follows complete in itself) or
// Matroska, pushed to the system at once. Rename it. finish() then rewrites the fragments, without encoding again, as
// a plain file that editors and browsers seek in.
class VideoWriter final : public FrameSink {
public:
    // Throws Error: unwritable folder, options out of range, no such encoder.
    explicit VideoWriter(const VideoOptions& options);
    ~VideoWriter() override;
    VideoWriter(const VideoWriter&) = delete;
    VideoWriter& operator=(const VideoWriter&) = delete;

    void add(const PixelBuffer& frame) override;        // at frames() / fps
    void add(const PixelBuffer& frame, double seconds); // variable_rate: later than the one before, first at >= 0
    void put_sound(const SoundOutput& sound) override;  // of a constant rate
    void finish() override;                             // at least one frame must have come
    void cancel() noexcept override;
    // With `live`, all up to the last whole fragment; without, nothing: such a file has its index at its end.
    KeptOutput keep() noexcept override;
    std::int64_t frames() const override;
    std::int64_t bytes() const override;

    const std::filesystem::path& part_file() const; // the temporary name

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace atelier::media
