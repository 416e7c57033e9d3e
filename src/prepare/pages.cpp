// SPDX-License-Identifier: Apache-2.0
#include "prepare/pages.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "io/exif.h"
#include "prepare/heif.h"
#include "prepare/picture_header.h"

namespace atelier::prepare {
namespace {

using io::Bytes;
using io::ByteSource;
using io::PictureKind;

constexpr const char* what = "a picture";

std::uint64_t number(Bytes data, std::size_t at, std::size_t bytes, bool little) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
        value = value << 8 | data[at + (little ? bytes - 1 - i : i)];
    }
    return value;
}

// Chunks from `at` on, until `each` is done with them; `each` gets type and length. `behind`: bytes after the content.
template <typename Each> void each_chunk(const ByteSource& file, std::uint64_t at, bool riff, const Each& each) {
    const std::uint64_t behind = riff ? 0 : 4;
    while (at + 8 <= file.size()) {
        const std::vector<std::uint8_t> head = file.read(at, 8, what);
        const std::uint64_t length = number(head, riff ? 4 : 0, 4, riff);
        if (length + behind > file.size() - at - 8 || !each(io::as_text(Bytes(head).subspan(riff ? 0 : 4, 4)))) {
            return;
        }
        at += 8 + length + behind + (riff ? length & 1U : 0U);
    }
}

std::size_t frames_of_png(const ByteSource& file) {
    std::size_t frames = 0;
    bool animated = false;
    each_chunk(file, 8, false, [&](std::string_view type) {
        animated = animated || type == "acTL";
        frames += type == "fcTL" ? 1 : 0;
        return frames <= most_pages && (animated || type != "IDAT");
    });
    return animated ? frames : 1;
}

std::size_t frames_of_webp(const ByteSource& file) {
    std::size_t frames = 0;
    each_chunk(file, 12, true, [&](std::string_view type) {
        frames += type == "ANMF" ? 1 : 0;
        return frames <= most_pages;
    });
    return frames;
}

// Where what follows blocks of at most 255 bytes begins; the end of the data if it is cut off.
std::size_t behind_blocks(Bytes data, std::size_t at) {
    while (at < data.size() && data[at] != 0) {
        at += 1 + std::size_t{data[at]};
    }
    return std::min(at + 1, data.size());
}

std::size_t colours_of(std::uint8_t flags) {
    return (flags & 0x80U) != 0 ? 3U << ((flags & 7U) + 1) : 0; // bytes
}

std::size_t frames_of_gif(Bytes data) {
    std::size_t frames = 0, at = 13;
    if (data.size() < at) {
        return 0;
    }
    at += colours_of(data[10]);
    while (at + 1 < data.size() && frames <= most_pages) {
        if (data[at] == 0x21) { // an extension
            at = behind_blocks(data, at + 2);
        } else if (data[at] == 0x2C && at + 10 < data.size()) {
            ++frames;
            at = behind_blocks(data, at + 11 + colours_of(data[at + 9]));
        } else {
            break;
        }
    }
    return frames;
}

std::vector<std::uint8_t> whole(const ByteSource& file) {
    return file.size() <= most_file ? file.read(0, file.size(), what) : std::vector<std::uint8_t>();
}

std::size_t count_of(const ByteSource& file, PictureKind kind, const HeifPages& of_heif) {
    switch (kind) {
    case PictureKind::png: return frames_of_png(file);
    case PictureKind::webp: return frames_of_webp(file);
    case PictureKind::tiff: return io::tiff_directories(file, most_pages + 1).size();
    case PictureKind::gif: return frames_of_gif(whole(file));
    case PictureKind::heif: return of_heif ? of_heif(whole(file)) : heif_pages(whole(file));
    default: return 1;
    }
}

} // namespace

PageCount count_pages(const ByteSource& file, const HeifPages& of_heif) {
    PageCount pages;
    pages.kind = io::picture_kind(file.read(0, std::min<std::uint64_t>(file.size(), io::signature_bytes), what));
    pages.word = pages.kind == PictureKind::tiff || pages.kind == PictureKind::heif ? "page" : "frame";
    const std::size_t count = count_of(file, pages.kind, of_heif);
    if (count > most_pages) {
        fail("has more than {} {}s; save those that you want as PNG", most_pages, pages.word);
    }
    pages.count = std::max(1, static_cast<int>(count));
    return pages;
}

} // namespace atelier::prepare
