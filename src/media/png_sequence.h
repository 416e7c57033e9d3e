// SPDX-License-Identifier: Apache-2.0
// PngSequence: a folder of frame-000000.png, frame-000001.png, ... Owns the files it wrote until finish().
#pragma once

#include <filesystem>

#include "media/frame_sink.h"

namespace atelier::media {

class PngSequence final : public FrameSink {
public:
    // Creates the folder (and those above it). Throws Error if it can't, or if frames are there already.
    explicit PngSequence(std::filesystem::path folder);
    ~PngSequence() override;
    PngSequence(const PngSequence&) = delete;
    PngSequence& operator=(const PngSequence&) = delete;

    void add(const PixelBuffer& frame) override; // written as RGB; one equal to the last is not compressed again
    void finish() override { open_ = false; }
    void cancel() noexcept override;     // removes the frames it wrote, and the folder if it made it
    KeptOutput keep() noexcept override; // every frame is a file of its own
    std::int64_t frames() const override { return frames_; }
    std::int64_t bytes() const override { return bytes_; }

    static std::filesystem::path frame_name(std::int64_t index); // frame-000000.png

private:
    void repeat_last();
    void count();

    std::filesystem::path folder_;
    std::int64_t frames_ = 0, bytes_ = 0;
    PixelBuffer last_;
    bool made_folder_ = false;
    bool open_ = true;
};

} // namespace atelier::media
