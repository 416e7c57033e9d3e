// SPDX-License-Identifier: Apache-2.0
#include "io/picture_signature.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "io/zip_file.h"

namespace atelier::io {
namespace {

bool has(Bytes data, std::size_t at, std::string_view text) {
    return at <= data.size() && text.size() <= data.size() - at && as_text(data.subspan(at, text.size())) == text;
}

// "BM" alone begins many a text; the size of the second header tells.
bool is_bmp(Bytes data) {
    constexpr std::array<std::uint8_t, 8> header_sizes{12, 16, 40, 52, 56, 64, 108, 124};
    return has(data, 0, "BM") && data.size() >= 18 && data[15] == 0 && data[16] == 0 && data[17] == 0 &&
           std::ranges::find(header_sizes, data[14]) != header_sizes.end();
}

// ISO/IEC 23008-12, 10.2: the brands of files whose pictures are stills.
bool is_heif(Bytes data) {
    constexpr std::array<std::string_view, 9> brands{"heic", "heix", "heim", "heis", "hevc",
                                                     "hevx", "mif1", "msf1", "avif"};
    return has(data, 4, "ftyp") &&
           std::ranges::any_of(brands, [&](std::string_view brand) { return has(data, 8, brand); });
}

} // namespace

std::vector<std::uint8_t> first_bytes(const ByteSource& file) {
    return file.read(0, std::min<std::uint64_t>(file.size(), signature_bytes), "a picture");
}

std::vector<std::uint8_t> first_bytes(const ZipFile& zip, const std::string& entry, std::uint64_t most) {
    const auto found = zip.entries().find(entry);
    if (found != zip.entries().end() && found->second.method == 0 && !found->second.encrypted()) {
        return first_bytes(zip.stored(entry));
    }
    std::vector<std::uint8_t> bytes = zip.extract(entry, most);
    bytes.resize(std::min(bytes.size(), signature_bytes));
    return bytes;
}

PictureKind picture_kind(Bytes first) noexcept {
    if (has(first, 0, std::string_view("\x89PNG\r\n\x1A\n", 8))) {
        return PictureKind::png;
    }
    if (has(first, 0, "\xFF\xD8\xFF")) {
        return PictureKind::jpeg;
    }
    if (has(first, 0, "RIFF") && has(first, 8, "WEBP")) {
        return PictureKind::webp;
    }
    if (has(first, 0, std::string_view("II*\0", 4)) || has(first, 0, std::string_view("MM\0*", 4))) {
        return PictureKind::tiff;
    }
    if (has(first, 0, "GIF87a") || has(first, 0, "GIF89a")) {
        return PictureKind::gif;
    }
    if (is_heif(first) || has(first, 4, "ftypavis")) {
        return PictureKind::heif;
    }
    return is_bmp(first) ? PictureKind::bmp : PictureKind::none;
}

} // namespace atelier::io
