// SPDX-License-Identifier: Apache-2.0
#include "prepare/local_decoder.h"

#include <cstring>

#include <opencv2/imgcodecs.hpp>

#include "base/error.h"
#include "media/video_frames.h"
#include "prepare/decode.h"
#include "prepare/heif.h"
#include "prepare/heif_library.h"

namespace atelier::prepare {

LocalDecoder::LocalDecoder() = default;
LocalDecoder::~LocalDecoder() = default;

void LocalDecoder::warm_up() {
    try {
        const HeifLibrary& heif = heif_library();
        heif.context_free(heif.context_alloc()); // with the first one come its plug-ins
    } catch (const Error&) {                     // such pictures then say what is missing
    }
    const cv::Mat image(8, 8, CV_8UC3, cv::Scalar(10, 20, 30));
    for (const char* kind : {".png", ".jpg", ".webp", ".tiff", ".bmp"}) {
        std::vector<std::uint8_t> bytes;
        if (cv::imencode(kind, image, bytes)) {
            decode(bytes, "warm-up");
        }
    }
}

HeaderFacts LocalDecoder::open_picture(DecoderInput input, const std::string& name, int page) {
    close();
    if (input.file && input.file->size() > most_file) {
        fail("{}: is larger than {} MiB, so it is not read as a picture", name, most_file >> 20U);
    }
    bytes_ = input.file ? input.file->read_all() : std::move(input.bytes);
    name_ = name;
    const HeaderFacts facts = read_header(bytes_, name, page);
    animated_ = facts.animated;
    return facts;
}

Picture LocalDecoder::picture(int page) {
    if (!animated_) {
        Picture picture = decode(bytes_, name_, page);
        close();
        return picture;
    }
    std::unique_ptr<FrameReader> frames = std::move(frames_); // after trouble it is not gone on with
    if (!frames) {
        extras_ = io::read_extras(bytes_);
        frames = open_frames(bytes_, name_);
    }
    Picture picture = finished(frames->at(page), extras_, name_);
    frames_ = std::move(frames);
    return picture;
}

double LocalDecoder::open_video(std::shared_ptr<const io::InputFile> file) {
    close();
    video_ = std::make_unique<media::VideoFrames>(std::move(file));
    return video_->seconds();
}

Picture LocalDecoder::frame(double seconds) {
    const media::VideoPicture shown = video_->at(seconds);
    Picture picture;
    picture.pixels.create(shown.height, shown.width, CV_8UC3);
    std::memcpy(picture.pixels.data, shown.pixels.data(), shown.pixels.size());
    return picture;
}

std::size_t LocalDecoder::heif_pages(std::vector<std::uint8_t> bytes) {
    return prepare::heif_pages(bytes);
}

void LocalDecoder::close() {
    frames_.reset();
    video_.reset();
    bytes_ = {};
    animated_ = false;
}

} // namespace atelier::prepare
