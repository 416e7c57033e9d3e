// SPDX-License-Identifier: Apache-2.0
// PNG and zip files put together byte by byte, so that they can be odd, large or wrong in one place.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <zlib.h>

namespace atelier::test {

inline std::string big32(std::uint32_t value) {
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8) {
        text += static_cast<char>(value >> shift & 0xFF);
    }
    return text;
}

inline std::uint32_t checksum(const std::string& text) {
    return static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
}

// zlib (window_bits 15) or raw deflate (-15).
inline std::string packed(const std::string& text, int window_bits = 15) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

inline std::string png_chunk(const std::string& type, const std::string& content) {
    return big32(static_cast<std::uint32_t>(content.size())) + type + content + big32(checksum(type + content));
}

struct PngParts {
    int width = 8, height = 8;
    int depth = 8, colour = 2; // 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA
    std::string before_pixels; // chunks such as PLTE
    std::string rows;          // filtered and unpacked; empty: enough zeros
};

inline std::vector<std::uint8_t> png_file(const PngParts& parts) {
    const int samples = parts.colour == 2 ? 3 : parts.colour == 4 ? 2 : parts.colour == 6 ? 4 : 1;
    const int row = 1 + (parts.width * samples * parts.depth + 7) / 8;
    const std::string header = big32(static_cast<std::uint32_t>(parts.width)) +
                               big32(static_cast<std::uint32_t>(parts.height)) + static_cast<char>(parts.depth) +
                               static_cast<char>(parts.colour) + std::string(3, '\0');
    const std::string rows =
        parts.rows.empty() ? std::string(static_cast<std::size_t>(row * parts.height), '\0') : parts.rows;
    const std::string text = "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", header) + parts.before_pixels +
                             png_chunk("IDAT", packed(rows)) + png_chunk("IEND", "");
    return {text.begin(), text.end()};
}

struct ZipPart {
    std::string name;
    std::vector<std::uint8_t> content;
    bool deflated = false;
    int claimed = -1; // unpacked size, if not the true one
};

template <typename T> std::string little(T value) {
    return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

inline std::vector<std::uint8_t> zip_file(const std::vector<ZipPart>& parts) {
    std::string data, directory;
    for (const ZipPart& part : parts) {
        const std::string content(part.content.begin(), part.content.end());
        const std::string stored = part.deflated ? packed(content, -15) : content;
        const auto claimed = static_cast<std::uint32_t>(part.claimed < 0 ? content.size() : part.claimed);
        const std::string common = little<std::uint16_t>(0) + little<std::uint16_t>(part.deflated ? 8 : 0) +
                                   little<std::uint32_t>(0) + little(checksum(content)) +
                                   little(static_cast<std::uint32_t>(stored.size())) + little(claimed);
        const auto name_bytes = little(static_cast<std::uint16_t>(part.name.size()));
        directory += "PK\x01\x02" + little<std::uint32_t>(20) + common + name_bytes + std::string(12, '\0') +
                     little(static_cast<std::uint32_t>(data.size())) + part.name;
        data += "PK\x03\x04" + little<std::uint16_t>(20) + common + name_bytes + little<std::uint16_t>(0) + part.name +
                stored;
    }
    const auto count = little(static_cast<std::uint16_t>(parts.size()));
    const std::string text = data + directory + "PK\x05\x06" + little<std::uint32_t>(0) + count + count +
                             little(static_cast<std::uint32_t>(directory.size())) +
                             little(static_cast<std::uint32_t>(data.size())) + little<std::uint16_t>(0);
    return {text.begin(), text.end()};
}

// A chunk of a RIFF file, as WebP is one, with the byte that fills an odd one up.
inline void put_riff(std::vector<std::uint8_t>& into, const char* type, const std::vector<std::uint8_t>& content) {
    into.insert(into.end(), type, type + 4);
    const auto size = little(static_cast<std::uint32_t>(content.size()));
    into.insert(into.end(), size.begin(), size.end());
    into.insert(into.end(), content.begin(), content.end());
    if (content.size() % 2 == 1) {
        into.push_back(0);
    }
}

} // namespace atelier::test
