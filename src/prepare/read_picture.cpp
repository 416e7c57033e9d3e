// SPDX-License-Identifier: Apache-2.0
#include "prepare/read_picture.h"

#include <memory>
#include <mutex>
#include <string_view>

#include "base/error.h"
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

PictureReader::PictureReader(Decoding how) : how_(how) {}
PictureReader::~PictureReader() = default;

bool PictureReader::is_open(const Source& source) const {
    return !open_path_.empty() && open_path_ == source.path && open_entry_ == source.entry;
}

void PictureReader::remember(const Source& source) {
    open_path_ = source.path;
    open_entry_ = source.entry;
}

Finding PictureReader::read(const Source& source, const std::function<Finding(const Picture&)>& use) {
    if (!decoder_) {
        decoder_ = borrow_decoder(how_);
    }
    // After trouble nothing is gone on with.
    const bool open = is_open(source);
    open_path_.clear();
    if (source.kind == SourceKind::video_frame) {
        if (!open) {
            decoder_->open_video(std::make_shared<const io::InputFile>(source.path));
        }
        const Picture picture = decoder_->frame(source.seconds);
        remember(source);
        return use(picture);
    }
    std::unique_lock large(large_ones(), std::defer_lock);
    if (source.bytes > large_file) {
        large.lock();
    }
    bool keep = open;
    if (!open) {
        const HeaderFacts facts = decoder_->open_picture(input_of(source), source.name, source.page);
        if (facts.width * facts.height > large_picture && !large.owns_lock()) {
            large.lock();
        }
        keep = source.pages > 1 && facts.animated && !large.owns_lock(); // large ones are not kept open
    }
    const Picture picture = decoder_->picture(source.page);
    if (keep) {
        remember(source);
        return use(picture);
    }
    const Finding finding = use(picture);
    decoder_->close();
    return finding;
}

Finding PictureReader::with(const Source& source, const std::function<Finding(const Picture&)>& use) {
    if (!source.trouble.empty()) {
        throw Error(source.trouble);
    }
    try {
        return read(source, use);
    } catch (const Error& error) {
        throw Error(predicate(error.what(), source));
    }
}

} // namespace atelier::prepare
