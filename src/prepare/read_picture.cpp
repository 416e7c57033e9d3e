// SPDX-License-Identifier: Apache-2.0
#include "prepare/read_picture.h"

#include <cstring>
#include <mutex>
#include <string_view>

#include "base/error.h"
#include "media/video_frames.h"
#include "prepare/decode.h"
#include "prepare/frames.h"
#include "prepare/picture_header.h"

namespace atelier::prepare {
namespace {

constexpr std::uint64_t large_file = 32U << 20U;
constexpr std::int64_t large_picture = 25'000'000;

std::mutex& large_ones() {
    static std::mutex mutex;
    return mutex;
}

// "<where>: is damaged" -> "is damaged".
std::string predicate(std::string_view text, const Source& source) {
    for (const std::string& where :
         {source.path.string() + ": " + source.entry + ": ", source.path.string() + ": ", source.name + ": "}) {
        if (text.starts_with(where)) {
            return std::string(text.substr(where.size()));
        }
    }
    return std::string(text);
}

} // namespace

// An open animation, as long as its frames are asked for.
struct PictureReader::Animation {
    std::filesystem::path path;
    std::string entry;
    std::vector<std::uint8_t> bytes;
    io::PictureExtras extras;
    std::unique_ptr<FrameReader> frames;
};

PictureReader::PictureReader() = default;
PictureReader::~PictureReader() = default;

Picture PictureReader::video_picture(const Source& source) {
    if (video_ == nullptr || video_path_ != source.path) {
        video_ = std::make_unique<media::VideoFrames>(source.path);
        video_path_ = source.path;
    }
    const media::VideoPicture shown = video_->at(source.seconds);
    Picture picture;
    picture.pixels.create(shown.height, shown.width, CV_8UC3);
    std::memcpy(picture.pixels.data, shown.pixels.data(), shown.pixels.size());
    return picture;
}

// The next frame of the same file is then cheap.
Picture PictureReader::frame_of(const Source& source, std::vector<std::uint8_t> bytes) {
    std::unique_ptr<Animation> open = std::move(animation_); // after trouble it is not gone on with
    if (!open || open->path != source.path || open->entry != source.entry) {
        open = std::make_unique<Animation>();
        open->path = source.path;
        open->entry = source.entry;
        open->bytes = std::move(bytes);
        open->extras = io::read_extras(open->bytes);
        open->frames = open_frames(open->bytes, source.name);
    }
    Picture picture = finished(open->frames->at(source.page), open->extras, source.name);
    animation_ = std::move(open);
    return picture;
}

bool PictureReader::is_open(const Source& source) const {
    return animation_ && animation_->path == source.path && animation_->entry == source.entry;
}

Finding PictureReader::with(const Source& source, const std::function<Finding(const Picture&)>& use) {
    if (!source.trouble.empty()) {
        throw Error(source.trouble);
    }
    try {
        if (source.kind == SourceKind::video_frame) {
            return use(video_picture(source));
        }
        std::unique_lock large(large_ones(), std::defer_lock);
        if (source.bytes > large_file) {
            large.lock();
        }
        if (source.pages > 1 && is_open(source)) {
            return use(frame_of(source, {}));
        }
        animation_.reset();
        std::vector<std::uint8_t> bytes = read_bytes(source);
        const HeaderFacts facts = read_header(bytes, source.name, source.page);
        if (facts.width * facts.height > large_picture && !large.owns_lock()) {
            large.lock();
        }
        if (source.pages > 1 && facts.animated && !large.owns_lock()) { // large ones are not kept open
            return use(frame_of(source, std::move(bytes)));
        }
        const Picture picture = decode(bytes, source.name, source.page);
        bytes = {};
        return use(picture);
    } catch (const Error& error) {
        throw Error(predicate(error.what(), source));
    }
}

} // namespace atelier::prepare
