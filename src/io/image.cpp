// SPDX-License-Identifier: Apache-2.0
#include "io/image.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <zlib.h>

#include "base/error.h"
#include "io/atomic_file.h"
#include "io/input_file.h"
#include "io/jpeg.h"
#include "io/png_decode.h"

// This file holds the only copy of stb's writers, private to it: the compression level reaches zlib
// through a thread-local, so pictures can be written from several threads at once.
namespace {

thread_local int png_level = 8;

unsigned char* compress_for_stb(unsigned char* data, int bytes, int* out_bytes, int /*quality*/) {
    uLongf size = compressBound(static_cast<uLong>(bytes));
    auto* out = static_cast<unsigned char*>(std::malloc(size));
    if (out == nullptr || compress2(out, &size, data, static_cast<uLong>(bytes), png_level) != Z_OK) {
        std::free(out);
        return nullptr;
    }
    *out_bytes = static_cast<int>(size);
    return out;
}

} // namespace

#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#define STBIW_ZLIB_COMPRESS compress_for_stb
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

namespace atelier::io {

namespace {

constexpr int max_side = 16384;

} // namespace

Image8 image_of(const PixelBuffer& picture) {
    if (picture.alpha) {
        return {picture.width, picture.height, 4, picture.rgba};
    }
    Image8 image{picture.width, picture.height, 3, {}};
    const std::size_t pixels = picture.rgba.size() / 4;
    image.pixels.resize(pixels * 3);
    for (std::size_t i = 0; i < pixels; ++i) {
        std::copy_n(&picture.rgba[i * 4], 3, &image.pixels[i * 3]);
    }
    return image;
}

Image8 read_image(const std::filesystem::path& path, int channels) {
    const InputFile file(path);
    if (file.size() > (1ULL << 30)) {
        fail("{}: is larger than 1 GiB, so it is not read as a picture", path.string());
    }
    return decode_image(file.read_all(), path.string(), channels);
}

Image8 decode_image(Bytes data, const std::string& name, int channels, Bytes cmyk_profile) {
    const ImageFacts facts = image_facts(ByteSource::of(data), name);
    if (data.size() > (1U << 30)) {
        fail("{}: is larger than 1 GiB, so it is not read as a picture", name);
    }
    if (facts.png) {
        return decode_png(data, facts, channels, name);
    }
    const int stored = channels == 0 ? facts.channels : channels;
    Image8 image = decode_jpeg(data, facts, stored == 2 ? 1 : stored, name, JpegCare::usual, cmyk_profile);
    if (stored == 2) { // which libjpeg-turbo doesn't know
        Image8 with_alpha{image.width, image.height, 2, {}};
        for (const std::uint8_t gray : image.pixels) {
            with_alpha.pixels.insert(with_alpha.pixels.end(), {gray, 255});
        }
        return with_alpha;
    }
    return image;
}

void write_png(const std::filesystem::path& path, const Image8& image, int compression, Bytes chunks) {
    const std::size_t size = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) *
                             static_cast<std::size_t>(image.channels);
    if (image.width < 1 || image.height < 1 || image.width > max_side || image.height > max_side ||
        image.channels < 1 || image.channels > 4 || image.pixels.size() != size) {
        fail("{}: can't be written: a picture of {} x {} px, {} channels and {} bytes is not possible", path.string(),
             image.width, image.height, image.channels, image.pixels.size());
    }
    if (compression < 1 || compression > 9) {
        fail("{}: can't be written: PNG compression is {}, but goes from 1 to 9", path.string(), compression);
    }
    AtomicFile file(path); // first, so that an unwritable name is told before any work
    png_level = compression;
    std::vector<std::uint8_t> png;
    const auto collect = [](void* context, void* data, int bytes) {
        auto* out = static_cast<std::vector<std::uint8_t>*>(context);
        const auto* start = static_cast<const std::uint8_t*>(data);
        out->insert(out->end(), start, start + bytes);
    };
    if (stbi_write_png_to_func(collect, &png, image.width, image.height, image.channels, image.pixels.data(),
                               image.width * image.channels) == 0) {
        fail("{}: can't be written: not enough memory to compress the picture", path.string());
    }
    constexpr std::size_t head = 8 + 25; // the signature and IHDR
    file.write(png.data(), head);
    file.write(chunks.data(), chunks.size());
    file.write(png.data() + head, png.size() - head);
    file.commit();
}

} // namespace atelier::io
