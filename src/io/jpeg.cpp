// SPDX-License-Identifier: Apache-2.0
#include "io/jpeg.h"

#include <cstdlib>
#include <cstring>
#include <memory>

#include <turbojpeg.h>

#include "base/error.h"
#include "io/colour_profile.h"

namespace atelier::io {
namespace {

using Decoder = std::unique_ptr<void, int (*)(tjhandle)>;

// What Adobe's programs write, and with them nearly everybody: 255 is no ink.
void cmyk_to_rgb(std::vector<std::uint8_t>& pixels, int channels, Bytes profile) {
    std::vector<std::uint8_t> out(channels == 3 ? pixels.size() / 4 * 3 : 0);
    if (channels == 3 && cmyk_to_srgb(pixels.data(), pixels.size() / 4, out.data(), profile)) {
        pixels = std::move(out);
        return;
    }
    out.clear();
    out.reserve(pixels.size() / 4 * static_cast<std::size_t>(channels));
    for (std::size_t i = 0; i + 3 < pixels.size(); i += 4) {
        const unsigned black = pixels[i + 3];
        std::uint8_t rgb[3];
        for (std::size_t c = 0; c < 3; ++c)
            rgb[c] = static_cast<std::uint8_t>((pixels[i + c] * black + 127) / 255);
        if (channels == 1) {
            out.push_back(static_cast<std::uint8_t>((299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) / 1000));
            continue;
        }
        out.insert(out.end(), rgb, rgb + 3);
        if (channels == 4)
            out.push_back(255);
    }
    pixels = std::move(out);
}

// Of libjpeg's warnings: a few bytes too many, which cameras leave between the parts, and oddities of the header. Many
// are what remains when the data ended too early for it.
bool harmless(const char* warning) {
    if (std::strstr(warning, "extraneous") != nullptr) {
        const char* number = std::strpbrk(warning, "0123456789");
        return number != nullptr && std::atoi(number) <= 8;
    }
    return std::strstr(warning, "JFIF") != nullptr || std::strstr(warning, "Invalid SOS") != nullptr;
}

} // namespace

Image8 decode_jpeg(Bytes data, const ImageFacts& facts, int channels, const std::string& name, JpegCare care,
                   Bytes cmyk_profile) {
    const Decoder decoder(tjInitDecompress(), tjDestroy);
    if (!decoder)
        fail("{}: not enough memory to read the picture", name);
    const auto bytes = static_cast<unsigned long>(data.size());
    int width = 0, height = 0, subsampling = 0, colours = 0;
    if (tjDecompressHeader3(decoder.get(), data.data(), bytes, &width, &height, &subsampling, &colours) != 0 &&
        (width < 1 || tjGetErrorCode(decoder.get()) == TJERR_FATAL))
        fail("{}: is a damaged picture ({})", name, tjGetErrorStr2(decoder.get()));
    if (width != facts.width || height != facts.height)
        fail("{}: is a damaged picture (it has two sizes)", name);

    const bool cmyk = colours == TJCS_CMYK || colours == TJCS_YCCK;
    const int stored = cmyk ? 4 : channels;
    const int format = cmyk ? TJPF_CMYK : channels == 1 ? TJPF_GRAY : channels == 3 ? TJPF_RGB : TJPF_RGBA;
    Image8 image{width, height, channels, {}};
    image.pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                        static_cast<std::size_t>(stored));
    const auto decode = [&](int flags) {
        return tjDecompress2(decoder.get(), data.data(), bytes, image.pixels.data(), width, 0, height, format,
                             TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS | flags) == 0;
    };
    const bool strict = care == JpegCare::strict;
    const auto refuse_damage = [&] {
        const char* why = tjGetErrorStr2(decoder.get());
        if (tjGetErrorCode(decoder.get()) == TJERR_FATAL || std::strstr(why, "Premature end") != nullptr ||
            (strict && !harmless(why)))
            fail("{}: is a damaged picture ({})", name, why);
    };
    if (!decode(strict ? TJFLAG_STOPONWARNING : 0)) {
        refuse_damage();
        if (strict && !decode(0)) // past the first warning, which was harmless
            refuse_damage();
    }
    if (cmyk)
        cmyk_to_rgb(image.pixels, channels, cmyk_profile);
    return image;
}

} // namespace atelier::io
