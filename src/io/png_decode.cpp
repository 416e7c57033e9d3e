// SPDX-License-Identifier: Apache-2.0
#include "io/png_decode.h"

#include "base/error.h"
#include "io/png_reading.h"

namespace atelier::io {
namespace {

constexpr std::uint64_t most_packing = 1032; // deflate makes at most so many bytes of one

[[noreturn]] void damaged(const std::string& name, std::string_view reason) {
    if (reason.ends_with("CRC error")) {
        fail("{}: is a damaged picture (a checksum is wrong)", name);
    }
    fail("{}: is a damaged picture (its pixels can't be unpacked, or are not as many as it says: {})", name, reason);
}

// Up to the pixels, and what they are to become.
void read_header(PngReading& reading, void* /*of*/) {
    png_structp png = reading.png;
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1); // neither texts nor profiles are wanted
    png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_set_chunk_malloc_max(png, 0); // a long text is no reason to refuse a picture: it isn't kept
    png_read_info(png, reading.info);
    png_set_strip_16(png);
    png_set_expand(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, reading.info);
}

struct Rows {
    const ImageFacts& facts;
    png_bytepp each;
};

void read_rows(PngReading& reading, void* of) {
    const Rows& rows = *static_cast<const Rows*>(of);
    reading.read_pixels(rows.facts, rows.each);
}

std::uint8_t luma(const std::uint8_t* rgb) {
    return static_cast<std::uint8_t>((rgb[0] * 77 + rgb[1] * 150 + rgb[2] * 29) >> 8);
}

Image8 with_channels(Image8 image, int channels) {
    if (channels == 0 || channels == image.channels) {
        return image;
    }
    const auto from = static_cast<std::size_t>(image.channels), to = static_cast<std::size_t>(channels);
    const std::size_t pixels = image.pixels.size() / from;
    Image8 out{image.width, image.height, channels, std::vector<std::uint8_t>(pixels * to)};
    for (std::size_t i = 0; i < pixels; ++i) {
        const std::uint8_t* in = &image.pixels[i * from];
        std::uint8_t* at = &out.pixels[i * to];
        if (to <= 2) {
            *at = from >= 3 ? luma(in) : in[0];
        } else {
            for (std::size_t c = 0; c < 3; ++c) {
                at[c] = in[from >= 3 ? c : 0];
            }
        }
        if (to % 2 == 0) {
            at[to - 1] = from % 2 == 0 ? in[from - 1] : 255;
        }
    }
    return out;
}

} // namespace

Image8 decode_png(Bytes data, const ImageFacts& facts, int channels, const std::string& name) {
    const auto width = static_cast<std::uint64_t>(facts.width), height = static_cast<std::uint64_t>(facts.height);
    if (width * height * static_cast<std::uint64_t>(facts.samples * facts.depth) / 8 > data.size() * most_packing) {
        damaged(name, "too few");
    }
    const ByteSource file = ByteSource::of(data);
    PngReading reading(file, name);
    if (!reading.run(read_header, nullptr)) {
        damaged(name, reading.error());
    }
    const std::size_t row = png_get_rowbytes(reading.png, reading.info);
    Image8 image{facts.width, facts.height, png_get_channels(reading.png, reading.info), {}};
    image.pixels.resize(row * static_cast<std::size_t>(height));
    std::vector<png_bytep> each(static_cast<std::size_t>(height));
    for (std::size_t y = 0; y < each.size(); ++y) {
        each[y] = &image.pixels[y * row];
    }
    Rows rows{facts, each.data()};
    if (!reading.run(read_rows, &rows)) {
        damaged(name, reading.error());
    }
    if (!reading.pixel_warning().empty()) {
        damaged(name, reading.pixel_warning());
    }
    return with_channels(std::move(image), channels);
}

} // namespace atelier::io
