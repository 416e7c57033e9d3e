// SPDX-License-Identifier: Apache-2.0
#include "prepare/picture_header.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"
#include "io/exif.h"
#include "prepare/heif.h"
#include "prepare/pages.h"

namespace atelier::prepare {
namespace {

using io::as_text;
using io::Bytes;
using io::tiff_facts;

[[noreturn]] void damaged(const std::string& name, const char* reason) {
    fail("{}: is a damaged picture ({})", name, reason);
}

std::int64_t number(Bytes data, std::size_t at, std::size_t bytes, bool little, const std::string& name) {
    if (at > data.size() || bytes > data.size() - at) {
        damaged(name, "it is cut off");
    }
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
        value = value << 8 | data[at + (little ? bytes - 1 - i : i)];
    }
    return value;
}

bool has(Bytes data, std::size_t at, std::string_view text) {
    return at <= data.size() && text.size() <= data.size() - at && as_text(data.subspan(at, text.size())) == text;
}

HeaderFacts png_header(Bytes data, const std::string& name) {
    if (!has(data, 12, "IHDR")) {
        damaged(name, "its PNG header is missing");
    }
    bool pixels = false;
    HeaderFacts facts{Kind::png, number(data, 16, 4, false, name), number(data, 20, 4, false, name)};
    for (std::size_t at = 8; at + 12 <= data.size();) {
        const auto length = static_cast<std::size_t>(number(data, at, 4, false, name));
        if (length > data.size() - at - 12) {
            damaged(name, "it is cut off");
        }
        if (has(data, at + 4, "eXIf")) {
            facts.orientation = tiff_facts(data.subspan(at + 8, length)).orientation;
        }
        pixels = pixels || has(data, at + 4, "IDAT");
        facts.animated = facts.animated || (!pixels && has(data, at + 4, "acTL"));
        at += length + 12;
    }
    return facts;
}

// The end marker is somewhere: behind it cameras put padding, a second picture or a film. That of a small picture in
// the header passes here, too; decoding sees more.
void check_jpeg_end(Bytes data, const std::string& name) {
    constexpr std::array<std::uint8_t, 2> end{0xFF, 0xD9};
    if (std::search(data.begin(), data.end(), end.begin(), end.end()) == data.end()) {
        damaged(name, "it is cut off");
    }
}

bool is_frame(std::int64_t marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

HeaderFacts jpeg_header(Bytes data, const std::string& name) {
    check_jpeg_end(data, name);
    HeaderFacts facts{Kind::jpeg};
    for (std::size_t at = 2;;) {
        const std::int64_t marker = number(data, at, 2, false, name);
        if (marker == 0xFFFF) { // padding
            ++at;
            continue;
        }
        const std::int64_t length = number(data, at + 2, 2, false, name);
        if (marker < 0xFF00 || length < 2) {
            damaged(name, "its JPEG header is impossible");
        }
        if (is_frame(marker & 0xFF)) {
            facts.height = number(data, at + 5, 2, false, name);
            facts.width = number(data, at + 7, 2, false, name);
            return facts;
        }
        if (marker == 0xFFE1 && has(data, at + 4, std::string_view("Exif\0\0", 6))) {
            const auto end = std::min<std::size_t>(data.size(), at + 2 + static_cast<std::size_t>(length));
            facts.orientation = end > at + 10 ? tiff_facts(data.subspan(at + 10, end - at - 10)).orientation : 1;
        }
        at += 2 + static_cast<std::size_t>(length);
    }
}

HeaderFacts webp_header(Bytes data, const std::string& name) {
    HeaderFacts facts{Kind::webp};
    if (has(data, 12, "VP8 ")) {
        facts.width = number(data, 26, 2, true, name) & 0x3FFF;
        facts.height = number(data, 28, 2, true, name) & 0x3FFF;
    } else if (has(data, 12, "VP8L")) {
        const std::int64_t bits = number(data, 21, 4, true, name);
        facts.width = (bits & 0x3FFF) + 1;
        facts.height = (bits >> 14 & 0x3FFF) + 1;
    } else if (has(data, 12, "VP8X")) {
        facts.width = number(data, 24, 3, true, name) + 1;
        facts.height = number(data, 27, 3, true, name) + 1;
        facts.animated = (number(data, 20, 1, true, name) & 2) != 0;
        for (std::size_t at = 30; at + 8 <= data.size();) {
            const auto length = static_cast<std::size_t>(number(data, at + 4, 4, true, name));
            if (has(data, at, "EXIF") && length <= data.size() - at - 8) {
                const std::size_t skip = has(data, at + 8, std::string_view("Exif\0\0", 6)) ? 6 : 0;
                facts.orientation =
                    tiff_facts(data.subspan(at + 8 + skip, length - std::min(length, skip))).orientation;
            }
            at += 8 + length + (length & 1U);
        }
    }
    return facts;
}

HeaderFacts tiff_header(Bytes data, const std::string& name, int page) {
    std::size_t directory = 0;
    if (page > 0) {
        const auto pages = io::tiff_directories(io::ByteSource::of(data), most_pages);
        if (static_cast<std::size_t>(page) >= pages.size()) {
            damaged(name, "it has no such page");
        }
        directory = pages[static_cast<std::size_t>(page)];
    }
    const io::TiffFacts tiff = tiff_facts(data, directory);
    if (std::max(tiff.tile_width, tiff.tile_height) > most_side || tiff.tile_width * tiff.tile_height > most_pixels ||
        tiff.samples > 16) {
        damaged(name, "its TIFF header is impossible");
    }
    return {Kind::tiff, tiff.width, tiff.height, tiff.orientation};
}

HeaderFacts bmp_header(Bytes data, const std::string& name) {
    if (number(data, 14, 4, true, name) == 12) {
        return {Kind::bmp, number(data, 18, 2, true, name), number(data, 20, 2, true, name)};
    }
    const auto height = static_cast<std::int32_t>(number(data, 22, 4, true, name)); // negative: top row first
    return {Kind::bmp, number(data, 18, 4, true, name), std::abs(static_cast<std::int64_t>(height))};
}

HeaderFacts gif_header(Bytes data, const std::string& name) {
    HeaderFacts facts{Kind::gif, number(data, 6, 2, true, name), number(data, 8, 2, true, name)};
    facts.animated = true; // a single frame is put on its canvas, too
    return facts;
}

HeaderFacts any_header(Bytes data, const std::string& name, int page) {
    switch (io::picture_kind(data)) {
    case Kind::png: return png_header(data, name);
    case Kind::jpeg: return jpeg_header(data, name);
    case Kind::webp: return webp_header(data, name);
    case Kind::tiff: return tiff_header(data, name, page);
    case Kind::bmp: return bmp_header(data, name);
    case Kind::gif: return gif_header(data, name);
    case Kind::heif: return heif_header(data, name, page);
    case Kind::none: break;
    }
    fail("{}: is no PNG, JPEG, WebP, TIFF, BMP, GIF, HEIC or AVIF picture, whatever its name says", name);
}

} // namespace

HeaderFacts read_header(Bytes data, const std::string& name, int page) {
    const HeaderFacts facts = any_header(data, name, page);
    if (facts.width < 1 || facts.height < 1) {
        damaged(name, "its header says that it has no pixels");
    }
    if (std::max(facts.width, facts.height) > most_side || facts.width * facts.height > most_pixels) {
        fail("{}: says that it is {} x {} px; at most {} px a side and {} million pixels are read", name, facts.width,
             facts.height, most_side, most_pixels / 1'000'000);
    }
    return facts;
}

} // namespace atelier::prepare
