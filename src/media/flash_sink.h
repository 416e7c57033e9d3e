// SPDX-License-Identifier: Apache-2.0
// FlashSink: looks at pictures on their way to a file for flashes that are too many, and says so, or evens them out.
#pragma once

#include <memory>
#include <string>

#include "base/flash_meter.h"
#include "media/frame_sink.h"

namespace atelier::media {

class FlashSink final : public FrameSink {
public:
    // `name` stands in what the log says when the file is finished. With FlashGuard::warn the pictures stay as they
    // are. With FlashGuard::soften a picture that would be too much is drawn towards the one before it, as far as
    // needed.
    FlashSink(std::unique_ptr<FrameSink> sink, const FlashLimit& limit, double fps, std::string name);

    void add(const PixelBuffer& frame) override;
    void put_sound(const SoundOutput& sound) override { sink_->put_sound(sound); }
    void finish() override;
    void cancel() noexcept override { sink_->cancel(); }
    KeptOutput keep() noexcept override { return sink_->keep(); }
    std::int64_t frames() const override { return sink_->frames(); }
    std::int64_t bytes() const override { return sink_->bytes(); }

    // A sentence about the pictures so far; empty: nothing to say.
    std::string remark() const;

private:
    const PixelBuffer& softened(const PixelBuffer& frame, double seconds);

    std::unique_ptr<FrameSink> sink_;
    FlashLimit limit_;
    double fps_;
    std::string name_;
    FlashMeter meter_;
    PixelBuffer last_, mixed_;  // of what was written; soften
    std::int64_t flashing_ = 0; // frames
    double first_ = -1;         // seconds
};

} // namespace atelier::media
