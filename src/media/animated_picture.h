// SPDX-License-Identifier: Apache-2.0
// AnimatedPicture: an animated WebP, which plays by itself on web pages, over and over. Compressed pictures are kept in
// memory until finish() writes the file.
#pragma once

#include <memory>

#include "media/frame_sink.h"
#include "media/output.h"

namespace atelier::media {

class AnimatedPicture final : public FrameSink {
public:
    // For frames of options.width x options.height, at most 16383 px a side; crf is the quality, as of H.264. Throws
    // Error.
    explicit AnimatedPicture(const OutputOptions& options);
    ~AnimatedPicture() override;

    void add(const PixelBuffer& frame) override;
    void finish() override;
    void cancel() noexcept override;
    std::int64_t frames() const override;

private:
    struct Encoder;

    OutputOptions options_;
    std::unique_ptr<Encoder> encoder_; // none: it is closed
    std::int64_t frames_ = 0;
};

} // namespace atelier::media
