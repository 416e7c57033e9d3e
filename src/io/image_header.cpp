// SPDX-License-Identifier: Apache-2.0
// What a picture's header says, and whether the file is whole: PNG (ISO/IEC 15948) and JPEG (ITU-T T.81).
#include <algorithm>
#include <array>

#include "base/error.h"
#include "io/exif.h"
#include "io/image.h"

namespace atelier::io {

namespace {

constexpr int max_side = 16384;
constexpr int max_pieces = 1 << 20; // chunks or segments: a file of nothing else would be read for minutes
constexpr std::uint64_t most_exif = 1U << 20U;
constexpr std::string_view exif_mark("Exif\0\0", 6);
constexpr std::array<std::uint8_t, 8> png_signature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

std::uint32_t big_endian(const std::uint8_t* at, int bytes) {
    std::uint32_t value = 0;
    for (int i = 0; i < bytes; ++i) {
        value = value << 8 | at[i];
    }
    return value;
}

[[noreturn]] void damaged(const std::string& name, const char* reason) {
    fail("{}: is a damaged picture ({})", name, reason);
}

std::vector<std::uint8_t> piece(const ByteSource& file, std::uint64_t offset, std::uint64_t count,
                                const std::string& name) {
    if (offset > file.size() || count > file.size() - offset) {
        damaged(name, "it is cut off");
    }
    return file.read(offset, count, "a picture");
}

void check_side(const ImageFacts& facts, const std::string& name) {
    if (facts.width < 1 || facts.height < 1 || facts.width > max_side || facts.height > max_side) {
        fail("{}: is {} x {} px; at most {} px a side are read", name, facts.width, facts.height, max_side);
    }
}

// IHDR: width, height, bit depth, colour type, compression, filter, interlacing.
ImageFacts png_facts(const std::uint8_t* header, const std::string& name) {
    ImageFacts facts;
    facts.png = true;
    const std::uint32_t width = big_endian(header, 4), height = big_endian(header + 4, 4);
    facts.width = static_cast<int>(std::min<std::uint32_t>(width, 0x7FFFFFFF));
    facts.height = static_cast<int>(std::min<std::uint32_t>(height, 0x7FFFFFFF));
    const int depth = header[8], colour = header[9];
    facts.depth = depth;
    const bool byte_or_two = depth == 8 || depth == 16;
    switch (colour) {
    case 0: facts.samples = facts.channels = 1; break;
    case 2: facts.samples = facts.channels = byte_or_two ? 3 : 0; break;
    case 3: facts.samples = 1, facts.channels = depth <= 8 ? 3 : 0; break; // a palette
    case 4: facts.samples = facts.channels = byte_or_two ? 2 : 0; break;
    case 6: facts.samples = facts.channels = byte_or_two ? 4 : 0; break;
    default: break;
    }
    const bool depth_known = byte_or_two || depth == 1 || depth == 2 || depth == 4;
    if (facts.channels == 0 || !depth_known || header[10] != 0 || header[11] != 0 || header[12] > 1) {
        damaged(name, "its PNG header is impossible");
    }
    check_side(facts, name);
    return facts;
}

ImageFacts read_png(const ByteSource& file, const std::string& name) {
    constexpr std::uint64_t first_chunk = 8, chunk_frame = 12; // length, type, CRC
    const auto start = piece(file, first_chunk, 8 + 13, name);
    if (big_endian(start.data(), 4) != 13 || as_text(Bytes(start).subspan(4, 4)) != "IHDR") {
        damaged(name, "its PNG header is missing");
    }
    ImageFacts facts = png_facts(start.data() + 8, name);
    std::uint64_t at = first_chunk + chunk_frame + 13;
    for (int i = 0; i < max_pieces; ++i) {
        const auto head = piece(file, at, 8, name);
        const std::uint64_t length = big_endian(head.data(), 4);
        const std::string_view type = as_text(Bytes(head).subspan(4, 4));
        if (length + chunk_frame > file.size() - at) {
            damaged(name, "it is cut off");
        }
        if (type == "IEND") {
            if (facts.pixels_end == 0) {
                damaged(name, "it has no pixels");
            }
            return facts;
        }
        if (type == "IDAT") {
            facts.pixels_end = at + length + chunk_frame;
        }
        if (type == "eXIf" && length <= most_exif) {
            facts.orientation = tiff_facts(piece(file, at + 8, length, name)).orientation;
        }
        if (type == "tRNS" && (facts.channels == 1 || facts.channels == 3)) {
            ++facts.channels;
        }
        at += length + chunk_frame;
    }
    damaged(name, "it consists of too many pieces");
}

// A JPEG's end marker; some cameras put padding or a second picture behind it.
void check_jpeg_end(const ByteSource& file, const std::string& name) {
    const std::uint64_t count = std::min<std::uint64_t>(file.size(), 1U << 16);
    const auto tail = file.read(file.size() - count, count, "a picture");
    constexpr std::array<std::uint8_t, 2> end{0xFF, 0xD9};
    if (std::search(tail.begin(), tail.end(), end.begin(), end.end()) == tail.end()) {
        damaged(name, "it is cut off");
    }
}

// SOF: precision, height, width, components.
ImageFacts jpeg_facts(std::uint8_t marker, const std::vector<std::uint8_t>& frame, const std::string& name) {
    if (marker > 0xC2 || frame[0] != 8) {
        fail("{}: is a JPEG picture of a rare kind (only baseline and progressive ones with 8 bits are read)", name);
    }
    ImageFacts facts;
    facts.height = static_cast<int>(big_endian(&frame[1], 2));
    facts.width = static_cast<int>(big_endian(&frame[3], 2));
    facts.channels = frame[5] == 1 ? 1 : 3; // CMYK is read as RGB
    facts.samples = frame[5];
    check_side(facts, name);
    return facts;
}

ImageFacts read_jpeg(const ByteSource& file, const std::string& name) {
    std::uint64_t at = 2;
    int orientation = 1;
    for (int i = 0; i < max_pieces; ++i) {
        const auto head = piece(file, at, 2, name);
        if (head[0] != 0xFF) {
            damaged(name, "its JPEG header is garbled");
        }
        const std::uint8_t marker = head[1];
        if (marker == 0xFF) { // a fill byte
            ++at;
            continue;
        }
        const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (frame) {
            ImageFacts facts = jpeg_facts(marker, piece(file, at + 4, 6, name), name);
            facts.orientation = orientation;
            check_jpeg_end(file, name);
            return facts;
        }
        if (marker == 0xD9 || marker == 0xDA) {
            damaged(name, "it has no pixels");
        }
        const bool alone = marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
        const std::uint64_t length = alone ? 0 : big_endian(piece(file, at + 2, 2, name).data(), 2);
        if (marker == 0xE1 && length > exif_mark.size() + 2 && length <= file.size() - at - 2) {
            const auto segment = piece(file, at + 4, length - 2, name);
            if (as_text(Bytes(segment)).starts_with(exif_mark)) {
                orientation = tiff_facts(Bytes(segment).subspan(exif_mark.size())).orientation;
            }
        }
        at += 2 + length;
    }
    damaged(name, "it consists of too many pieces");
}

} // namespace

ImageFacts image_facts(const ByteSource& file, const std::string& name) {
    const auto start = file.read(0, std::min<std::uint64_t>(file.size(), png_signature.size()), "a picture");
    if (std::equal(start.begin(), start.end(), png_signature.begin(), png_signature.end())) {
        return read_png(file, name);
    }
    if (start.size() >= 3 && start[0] == 0xFF && start[1] == 0xD8 && start[2] == 0xFF) {
        return read_jpeg(file, name);
    }
    fail("{}: is not a PNG or JPEG picture", name);
}

} // namespace atelier::io
