// SPDX-License-Identifier: Apache-2.0
#include "io/picture_extras.h"

#include <algorithm>
#include <map>
#include <string_view>

#include <zlib.h>

#include "io/colour_profile.h"
#include "io/exif.h"
#include "io/jpeg.h"
#include "io/picture_signature.h"

namespace atelier::io {
namespace {

bool has(Bytes data, std::size_t at, std::string_view text) {
    return at <= data.size() && text.size() <= data.size() - at && as_text(data.subspan(at, text.size())) == text;
}

// Behind the end: 0.
std::size_t number(Bytes data, std::size_t at, std::size_t bytes, bool little) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
        const std::size_t from = at + (little ? bytes - 1 - i : i);
        value = value << 8 | (from < data.size() ? data[from] : 0U);
    }
    return value;
}

std::vector<std::uint8_t> copied(Bytes data) {
    return data.size() <= most_profile ? std::vector<std::uint8_t>(data.begin(), data.end())
                                       : std::vector<std::uint8_t>();
}

// Empty: damaged, or longer than a profile may be.
std::vector<std::uint8_t> unpacked(Bytes packed) {
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) {
        return {};
    }
    std::vector<std::uint8_t> out;
    std::vector<std::uint8_t> part(1U << 16U);
    stream.next_in = const_cast<Bytef*>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    int state = Z_OK;
    while (state == Z_OK && out.size() <= most_profile) {
        stream.next_out = part.data();
        stream.avail_out = static_cast<uInt>(part.size());
        state = inflate(&stream, Z_NO_FLUSH);
        out.insert(out.end(), part.data(), stream.next_out);
    }
    inflateEnd(&stream);
    return state == Z_STREAM_END && out.size() <= most_profile ? out : std::vector<std::uint8_t>();
}

int exif_orientation(Bytes exif) {
    return tiff_facts(has(exif, 0, std::string_view("Exif\0\0", 6)) ? exif.subspan(6) : exif).orientation;
}

PictureExtras png_extras(Bytes data) {
    PictureExtras extras;
    for (std::size_t at = 8; at + 12 <= data.size();) {
        const std::size_t length = number(data, at, 4, false);
        if (length > data.size() - at - 12) {
            break;
        }
        const Bytes content = data.subspan(at + 8, length);
        if (has(data, at + 4, "eXIf")) {
            extras.orientation = exif_orientation(content);
        } else if (has(data, at + 4, "iCCP") && extras.profile.empty()) {
            const auto end = std::ranges::find(content, std::uint8_t{0}); // of its name; the method follows
            const auto skip = static_cast<std::size_t>(end - content.begin()) + 2;
            if (skip < content.size() && content[skip - 1] == 0) {
                extras.profile = unpacked(content.subspan(skip));
            }
        }
        at += length + 12;
    }
    return extras;
}

// ICC.1:2010, B.4: number and count of the part stand before it; all have to be there.
std::vector<std::uint8_t> joined(const std::map<std::size_t, Bytes>& parts, std::size_t count) {
    std::vector<std::uint8_t> out;
    if (count == 0 || parts.size() != count || parts.begin()->first != 1 || parts.rbegin()->first != count) {
        return out;
    }
    for (const auto& [index, part] : parts) {
        out.insert(out.end(), part.begin(), part.end());
    }
    return out;
}

PictureExtras jpeg_extras(Bytes data) {
    PictureExtras extras;
    std::map<std::size_t, Bytes> parts;
    std::size_t count = 0;
    for (std::size_t at = 2; at + 4 <= data.size();) {
        if (data[at] != 0xFF || data[at + 1] == 0xDA || data[at + 1] == 0xD9) {
            break;
        }
        const std::uint8_t marker = data[at + 1];
        if (marker == 0xFF) {
            ++at;
            continue;
        }
        if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
            at += 2;
            continue;
        }
        const std::size_t length = number(data, at + 2, 2, false);
        if (length < 2 || length > data.size() - at - 2) {
            break;
        }
        const Bytes content = data.subspan(at + 4, length - 2);
        if (marker == 0xE1 && has(content, 0, std::string_view("Exif\0\0", 6))) {
            extras.orientation = exif_orientation(content);
        } else if (marker == 0xE2 && has(content, 0, std::string_view("ICC_PROFILE\0", 12)) && content.size() > 14) {
            parts.emplace(content[12], content.subspan(14));
            count = content[13];
        }
        at += 2 + length;
    }
    extras.profile = joined(parts, count);
    return extras;
}

PictureExtras webp_extras(Bytes data) {
    PictureExtras extras;
    for (std::size_t at = 12; at + 8 <= data.size();) {
        const std::size_t length = number(data, at + 4, 4, true);
        if (length > data.size() - at - 8) {
            break;
        }
        const Bytes content = data.subspan(at + 8, length);
        if (has(data, at, "EXIF")) {
            extras.orientation = exif_orientation(content);
        } else if (has(data, at, "ICCP")) {
            extras.profile = copied(content);
        }
        at += 8 + length + (length & 1U);
    }
    return extras;
}

PictureExtras tiff_extras(Bytes data) {
    const TiffFacts facts = tiff_facts(data);
    return {facts.orientation, copied(data.subspan(facts.profile_at, facts.profile_bytes))};
}

} // namespace

PictureExtras read_extras(Bytes data) {
    switch (picture_kind(data)) {
    case PictureKind::png: return png_extras(data);
    case PictureKind::jpeg: return jpeg_extras(data);
    case PictureKind::webp: return webp_extras(data);
    case PictureKind::tiff: return tiff_extras(data);
    default: return {};
    }
}

Image8 upright(Image8 image, int orientation) {
    if (orientation < 2 || orientation > 8) {
        return image;
    }
    const bool swapped = orientation >= 5;
    const bool across = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
    const bool down = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
    Image8 out{swapped ? image.height : image.width, swapped ? image.width : image.height, image.channels, {}};
    out.pixels.resize(image.pixels.size());
    const auto step = static_cast<std::size_t>(image.channels);
    for (int y = 0; y < out.height; ++y) {
        for (int x = 0; x < out.width; ++x) {
            const int along = across ? out.width - 1 - x : x, below = down ? out.height - 1 - y : y;
            const auto from = swapped ? static_cast<std::size_t>(along) * static_cast<std::size_t>(image.width) +
                                            static_cast<std::size_t>(below)
                                      : static_cast<std::size_t>(below) * static_cast<std::size_t>(image.width) +
                                            static_cast<std::size_t>(along);
            const auto to =
                static_cast<std::size_t>(y) * static_cast<std::size_t>(out.width) + static_cast<std::size_t>(x);
            std::copy_n(&image.pixels[from * step], step, &out.pixels[to * step]);
        }
    }
    return out;
}

Image8 decode_shown(Bytes data, const std::string& name, int channels) {
    const PictureExtras extras = read_extras(data);
    Image8 image = decode_image(data, name, channels, extras.profile);
    to_srgb(image.pixels.data(), image.pixels.size() / static_cast<std::size_t>(image.channels), image.channels,
            ChannelOrder::rgb, extras.profile);
    return upright(std::move(image), extras.orientation);
}

} // namespace atelier::io
