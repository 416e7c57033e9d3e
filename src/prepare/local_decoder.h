// SPDX-License-Identifier: Apache-2.0
// LocalDecoder: decodes in the process that it lives in.
#pragma once

#include "io/picture_extras.h"
#include "prepare/decoder.h"
#include "prepare/frames.h"

namespace atelier::media {
class VideoFrames;
}

namespace atelier::prepare {

class LocalDecoder final : public Decoder {
public:
    LocalDecoder();
    ~LocalDecoder() override;

    // Loads what the libraries load at their first picture, so that nothing has to be opened later.
    static void warm_up();

    HeaderFacts open_picture(DecoderInput input, const std::string& name, int page) override;
    Picture picture(int page) override;
    double open_video(std::shared_ptr<const io::InputFile> file) override;
    Picture frame(double seconds) override;
    std::size_t heif_pages(std::vector<std::uint8_t> bytes) override;
    void close() override;

private:
    std::string name_;
    std::vector<std::uint8_t> bytes_;
    bool animated_ = false;
    io::PictureExtras extras_;            // of an animation
    std::unique_ptr<FrameReader> frames_; // of an animation that was begun
    std::unique_ptr<media::VideoFrames> video_;
};

} // namespace atelier::prepare
