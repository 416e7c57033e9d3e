// SPDX-License-Identifier: Apache-2.0
#include "media/scale.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/alpha.h"
#include "base/error.h"
#include "base/unsquash.h"
#include "media/libav.h"

namespace atelier::media {
namespace {

void fill_black(PixelBuffer& picture, int width, int height) {
    picture.width = width;
    picture.height = height;
    picture.ratio = {};
    picture.rgba.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4, 0);
    for (std::size_t i = 3; i < picture.rgba.size(); i += 4) {
        picture.rgba[i] = 255;
    }
}

// What both have in common when their middles lie on each other.
void copy_middle(const PixelBuffer& in, PixelBuffer& out) {
    const int width = std::min(in.width, out.width), height = std::min(in.height, out.height);
    const auto at = [](const PixelBuffer& p, int w, int h, int y) {
        const auto row = static_cast<std::size_t>((p.height - h) / 2 + y);
        const auto column = static_cast<std::size_t>((p.width - w) / 2);
        return (row * static_cast<std::size_t>(p.width) + column) * 4;
    };
    for (int y = 0; y < height; ++y) {
        std::memcpy(out.rgba.data() + at(out, width, height, y), in.rgba.data() + at(in, width, height, y),
                    static_cast<std::size_t>(width) * 4);
    }
}

} // namespace

struct Scaler::Impl {
    SwsPtr context;
    int from_width = 0, from_height = 0, to_width = 0, to_height = 0;
    PixelBuffer inner; // of fit()
};

Scaler::Scaler() : impl_(std::make_unique<Impl>()) {}
Scaler::~Scaler() = default;
Scaler::Scaler(Scaler&&) noexcept = default;
Scaler& Scaler::operator=(Scaler&&) noexcept = default;

void Scaler::scale(const PixelBuffer& in, int width, int height, PixelBuffer& out) {
    constexpr int largest = 16384;
    const auto bytes = static_cast<std::size_t>(in.width) * static_cast<std::size_t>(in.height) * 4;
    if (in.width < 1 || in.height < 1 || in.rgba.size() != bytes) {
        fail("A picture of {} x {} px with {} bytes can't be scaled.", in.width, in.height, in.rgba.size());
    }
    if (width < 1 || height < 1 || width > largest || height > largest) {
        fail("A picture can't be scaled to {} x {} px; a side is 1 to {} px.", width, height, largest);
    }
    if (width == in.width && height == in.height) {
        out = in;
        out.ratio = {};
        return;
    }
    if (in.alpha) {
        filter_by_cover(in, out, [&](const auto& opaque, auto& scaled) { scale(opaque, width, height, scaled); });
        return;
    }
    Impl& my = *impl_;
    if (!my.context || my.from_width != in.width || my.from_height != in.height || my.to_width != width ||
        my.to_height != height) {
        const int filter = width >= in.width ? SWS_BICUBIC : SWS_LANCZOS;
        // Without full chroma, swscale's way through YUV leaks a sharp edge of one channel into the others.
        const int flags = filter | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP | SWS_FULL_CHR_H_INT | SWS_BITEXACT;
        my.context.reset(sws_getContext(in.width, in.height, AV_PIX_FMT_RGBA, width, height, AV_PIX_FMT_RGBA, flags,
                                        nullptr, nullptr, nullptr));
        if (!my.context) {
            fail("libswscale can't scale {} x {} px to {} x {} px.", in.width, in.height, width, height);
        }
        my.from_width = in.width;
        my.from_height = in.height;
        my.to_width = width;
        my.to_height = height;
    }
    out.width = width;
    out.height = height;
    out.ratio = {};
    out.alpha = false;
    out.rgba.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
    const std::uint8_t* const from[] = {in.rgba.data(), nullptr, nullptr, nullptr};
    const int from_stride[] = {in.width * 4, 0, 0, 0};
    std::uint8_t* const to[] = {out.rgba.data(), nullptr, nullptr, nullptr};
    const int to_stride[] = {width * 4, 0, 0, 0};
    if (sws_scale(my.context.get(), from, from_stride, 0, in.height, to, to_stride) != height) {
        fail("libswscale failed to scale {} x {} px to {} x {} px.", in.width, in.height, width, height);
    }
}

void Scaler::fit(const PixelBuffer& in, int width, int height, Aspect aspect, PixelBuffer& out) {
    const auto [whole_width, whole_height] = shown_size(in);
    if (whole_width == width && whole_height == height) {
        unsquash(in, out);
        return;
    }
    const double across = static_cast<double>(width) / std::max(1, whole_width);
    const double down = static_cast<double>(height) / std::max(1, whole_height);
    const double factor = aspect == Aspect::pad ? std::min(across, down) : std::max(across, down);
    const auto side = [factor](int of) { return std::max(1, static_cast<int>(std::lround(of * factor))); };
    const int inner_width = side(whole_width), inner_height = side(whole_height);
    if (inner_width == width && inner_height == height) {
        scale(in, width, height, out);
        return;
    }
    PixelBuffer& inner = impl_->inner;
    scale(in, inner_width, inner_height, inner);
    fill_black(out, width, height);
    out.alpha = in.alpha;
    copy_middle(inner, out);
}

} // namespace atelier::media
