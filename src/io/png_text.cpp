// SPDX-License-Identifier: Apache-2.0
#include "io/png_text.h"

#include <zlib.h>

#include "base/error.h"
#include "io/image.h"
#include "io/input_file.h"
#include "io/png_reading.h"

namespace atelier::io {

namespace {

constexpr std::size_t envelope = 1024; // of a text: keyword, language, keyword in that language
constexpr png_uint_32 most_texts = 16; // that are kept in memory; those behind them are passed over

void read_front(PngReading& reading, void* /*of*/) {
    png_structp png = reading.png;
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
    png_byte text[] = "iTXt";
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_AS_DEFAULT, text, 1);
    png_set_chunk_malloc_max(png, most_png_text + envelope);
    png_set_chunk_cache_max(png, most_texts + 2); // the last two of libpng's count are none
    png_read_info(png, reading.info);
}

// libpng has no way past the pixels but to unpack them.
void read_behind(PngReading& reading, void* of) {
    reading.read_pixels(*static_cast<const ImageFacts*>(of), nullptr);
}

[[noreturn]] void damaged(const std::string& name, std::string_view reason) {
    if (reason == "iTXt: CRC error") {
        fail("{}: the text in this picture is damaged (its checksum is wrong)", name);
    }
    if (reason.starts_with("iTXt: ")) { // of a bomb libpng says no more than "truncated"
        fail("{}: the text in this picture is damaged or longer than {} MB ({})", name, most_png_text >> 20U,
             reason.substr(6));
    }
    fail("{}: is a damaged picture ({})", name, reason);
}

std::optional<std::string> kept_text(const PngReading& reading, std::string_view keyword) {
    png_textp texts = nullptr;
    const int count = png_get_text(reading.png, reading.info, &texts, nullptr);
    for (int i = 0; i < count; ++i) {
        if (texts[i].compression >= PNG_ITXT_COMPRESSION_NONE && texts[i].key == keyword) {
            return std::string(texts[i].text, texts[i].itxt_length);
        }
    }
    return {};
}

} // namespace

std::vector<std::uint8_t> png_text_chunk(std::string_view keyword, std::string_view text) {
    if (keyword.empty() || keyword.size() > 79 || text.size() > most_png_text) {
        fail("{}: a text of {} bytes can't stand in a picture; at most {} MB can", keyword, text.size(),
             most_png_text >> 20U);
    }
    const std::string_view type = "iTXt";
    const std::size_t length = keyword.size() + 5 + text.size();
    std::vector<std::uint8_t> chunk(4);
    png_save_uint_32(chunk.data(), static_cast<png_uint_32>(length));
    chunk.insert(chunk.end(), type.begin(), type.end());
    chunk.insert(chunk.end(), keyword.begin(), keyword.end());
    chunk.insert(chunk.end(), 5, 0); // the keyword's end, not packed, no language, no translation
    chunk.insert(chunk.end(), text.begin(), text.end());
    const uLong sum = crc32_z(0, chunk.data() + 4, chunk.size() - 4);
    chunk.resize(chunk.size() + 4);
    png_save_uint_32(&chunk[chunk.size() - 4], static_cast<png_uint_32>(sum));
    return chunk;
}

std::optional<std::string> png_text(const ByteSource& file, const std::string& name, std::string_view keyword) {
    constexpr std::size_t signature = 8;
    if (file.size() < signature || png_sig_cmp(file.read(0, signature, "a picture").data(), 0, signature) != 0) {
        fail("{}: is no PNG picture", name);
    }
    PngReading reading(file, name);
    bool whole = reading.run(read_front, nullptr);
    std::optional<std::string> text = kept_text(reading, keyword); // whatever is damaged behind it
    if (whole && !text) {
        ImageFacts facts = image_facts(file, name);
        whole = reading.run(read_behind, &facts);
        text = kept_text(reading, keyword);
    }
    if (!text && !reading.text_warning().empty()) {
        damaged(name, reading.text_warning());
    }
    if (!text && !whole) {
        damaged(name, reading.error());
    }
    return text;
}

std::optional<std::string> png_text(const std::filesystem::path& path, std::string_view keyword) {
    const InputFile file(path);
    return png_text(ByteSource::of(file), path.string(), keyword);
}

} // namespace atelier::io
