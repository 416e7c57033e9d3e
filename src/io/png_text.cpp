// SPDX-License-Identifier: Apache-2.0
#include "io/png_text.h"

#include <algorithm>
#include <array>

#include <zlib.h>

#include "base/error.h"
#include "io/input_file.h"

namespace atelier::io {

namespace {

constexpr std::array<std::uint8_t, 8> signature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
constexpr int most_chunks = 1 << 20; // a file of nothing else would be read for minutes

std::uint32_t big_endian32(const std::uint8_t* at) {
    return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | at[3];
}

void put32(std::vector<std::uint8_t>& out, std::uint64_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        out.push_back(static_cast<std::uint8_t>(value >> static_cast<unsigned>(shift)));
    }
}

std::string unpacked(Bytes packed, const std::string& name) {
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) {
        fail("{}: there is not enough memory to unpack its text", name);
    }
    std::string text;
    std::array<char, 32768> piece{};
    stream.next_in = const_cast<Bytef*>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    int state = Z_OK;
    while (state == Z_OK && text.size() <= most_png_text) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        state = inflate(&stream, Z_NO_FLUSH);
        text.append(piece.data(), piece.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    if (text.size() > most_png_text) {
        fail("{}: the text in this picture is longer than {} MB", name, most_png_text >> 20U);
    }
    if (state != Z_STREAM_END) {
        fail("{}: the text in this picture is damaged (it can't be unpacked)", name);
    }
    return text;
}

// What stands behind the keyword: packed or not, how, language, translated keyword, text.
std::string text_of(Bytes body, const std::string& name) {
    const auto damaged = [&] { fail("{}: the text in this picture is damaged", name); };
    if (body.size() < 2 || body[0] > 1 || (body[0] == 1 && body[1] != 0)) {
        damaged();
    }
    const bool packed = body[0] == 1;
    body = body.subspan(2);
    for (int field = 0; field < 2; ++field) {
        const auto end = std::find(body.begin(), body.end(), 0);
        if (end == body.end()) {
            damaged();
        }
        body = body.subspan(static_cast<std::size_t>(end - body.begin()) + 1);
    }
    return packed ? unpacked(body, name) : std::string(as_text(body));
}

} // namespace

std::vector<std::uint8_t> png_text_chunk(std::string_view keyword, std::string_view text) {
    if (keyword.empty() || keyword.size() > 79 || text.size() > most_png_text) {
        fail("{}: a text of {} bytes can't stand in a picture; at most {} MB can", keyword, text.size(),
             most_png_text >> 20U);
    }
    std::vector<std::uint8_t> chunk;
    put32(chunk, keyword.size() + 5 + text.size());
    const std::string_view type = "iTXt";
    chunk.insert(chunk.end(), type.begin(), type.end());
    chunk.insert(chunk.end(), keyword.begin(), keyword.end());
    chunk.insert(chunk.end(), 5, 0); // the keyword's end, not packed, no language, no translation
    chunk.insert(chunk.end(), text.begin(), text.end());
    put32(chunk, crc32_z(0, chunk.data() + 4, chunk.size() - 4));
    return chunk;
}

std::optional<std::string> png_text(const ByteSource& file, const std::string& name, std::string_view keyword) {
    if (file.size() < 8 || !std::ranges::equal(file.read(0, 8, "a picture"), signature)) {
        fail("{}: is no PNG picture", name);
    }
    std::uint64_t at = 8;
    for (int chunk = 0; chunk < most_chunks; ++chunk) {
        if (file.size() - at < 12) {
            fail("{}: is a damaged picture (it is cut off)", name);
        }
        const auto head = file.read(at, 8, "a chunk");
        const std::uint64_t length = big_endian32(head.data());
        const std::string_view type = as_text(head).substr(4);
        if (length > 0x7FFFFFFF || length > file.size() - at - 12) {
            fail("{}: is a damaged picture (a chunk of {} bytes reaches beyond its end)", name, length);
        }
        if (type == "IEND") {
            return {};
        }
        const std::uint64_t begin = keyword.size() + 1;
        if (type == "iTXt" && length >= begin) {
            const auto start = file.read(at + 8, begin, "a text");
            if (as_text(start).substr(0, keyword.size()) == keyword && start.back() == 0) {
                if (length > most_png_text + 1024) {
                    fail("{}: the text in this picture is longer than {} MB", name, most_png_text >> 20U);
                }
                const auto typed = file.read(at + 4, length + 8, "a text"); // and the checksum
                if (crc32_z(0, typed.data(), typed.size() - 4) != big_endian32(&typed[typed.size() - 4])) {
                    fail("{}: the text in this picture is damaged (its checksum is wrong)", name);
                }
                return text_of(Bytes(typed).subspan(4 + begin, length - begin), name);
            }
        }
        at += length + 12;
    }
    fail("{}: is a damaged picture (it has more than a million chunks)", name);
}

std::optional<std::string> png_text(const std::filesystem::path& path, std::string_view keyword) {
    const InputFile file(path);
    return png_text(ByteSource::of(file), path.string(), keyword);
}

} // namespace atelier::io
