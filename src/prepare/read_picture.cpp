// SPDX-License-Identifier: Apache-2.0
#include "prepare/read_picture.h"

#include <cstring>
#include <mutex>
#include <string_view>

#include "base/error.h"
#include "media/video_frames.h"
#include "prepare/decode.h"
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
        std::vector<std::uint8_t> bytes = read_bytes(source);
        const HeaderFacts facts = read_header(bytes, source.name);
        if (facts.width * facts.height > large_picture && !large.owns_lock()) {
            large.lock();
        }
        const Picture picture = decode(bytes, source.name);
        bytes = {};
        return use(picture);
    } catch (const Error& error) {
        throw Error(predicate(error.what(), source));
    }
}

} // namespace atelier::prepare
