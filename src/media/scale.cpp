// SPDX-License-Identifier: Apache-2.0
#include "media/scale.h"

#include "base/error.h"
#include "media/libav.h"

namespace atelier::media {

struct Scaler::Impl {
    SwsPtr context;
    int from_width = 0, from_height = 0, to_width = 0, to_height = 0;
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
        return;
    }
    Impl& my = *impl_;
    if (!my.context || my.from_width != in.width || my.from_height != in.height || my.to_width != width ||
        my.to_height != height) {
        const int filter = width >= in.width ? SWS_BICUBIC : SWS_LANCZOS;
        // Without full chroma, swscale's way through YUV leaks a sharp edge of one channel into the others.
        const int flags = filter | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP | SWS_FULL_CHR_H_INT;
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
    out.rgba.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
    const std::uint8_t* const from[] = {in.rgba.data(), nullptr, nullptr, nullptr};
    const int from_stride[] = {in.width * 4, 0, 0, 0};
    std::uint8_t* const to[] = {out.rgba.data(), nullptr, nullptr, nullptr};
    const int to_stride[] = {width * 4, 0, 0, 0};
    if (sws_scale(my.context.get(), from, from_stride, 0, in.height, to, to_stride) != height) {
        fail("libswscale failed to scale {} x {} px to {} x {} px.", in.width, in.height, width, height);
    }
}

} // namespace atelier::media
