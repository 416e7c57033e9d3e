// SPDX-License-Identifier: Apache-2.0
#include "media/flash_sink.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"

namespace atelier::media {
namespace {

// 256ths of `to`, the rest of `from`.
void mix(const PixelBuffer& from, const PixelBuffer& to, int part, PixelBuffer& into) {
    into = to;
    for (std::size_t i = 0; i < into.rgba.size(); ++i) {
        into.rgba[i] = static_cast<std::uint8_t>((from.rgba[i] * (256 - part) + to.rgba[i] * part + 128) >> 8);
    }
}

} // namespace

FlashSink::FlashSink(std::unique_ptr<FrameSink> sink, const FlashLimit& limit, double fps, std::string name)
    : sink_(std::move(sink)), limit_(limit), fps_(fps), name_(std::move(name)), meter_(limit.per_second) {}

const PixelBuffer& FlashSink::softened(const PixelBuffer& frame, double seconds) {
    // No part at all is the picture before once more: that adds no change, and the others grow older.
    for (int part = 128; part > 0; part /= 2) {
        mix(last_, frame, part, mixed_);
        FlashMeter with = meter_;
        if (!with.add(mixed_, seconds)) {
            meter_ = std::move(with);
            return mixed_;
        }
    }
    mixed_ = last_;
    meter_.add(mixed_, seconds);
    return mixed_;
}

void FlashSink::add(const PixelBuffer& frame) {
    const double seconds = static_cast<double>(sink_->frames()) / fps_;
    std::optional<FlashMeter> before;
    if (limit_.guard == FlashGuard::soften && last_.rgba.size() == frame.rgba.size()) {
        before = meter_;
    }
    const PixelBuffer* shown = &frame;
    if (meter_.add(frame, seconds)) {
        ++flashing_;
        first_ = first_ < 0 ? seconds : first_;
        if (before) {
            meter_ = std::move(*before);
            shown = &softened(frame, seconds);
        }
    }
    sink_->add(*shown);
    if (limit_.guard == FlashGuard::soften) {
        last_ = *shown;
    }
}

std::string FlashSink::remark() const {
    if (first_ < 0) {
        return {};
    }
    const std::string what = fmt::format(
        "{}: {} more than {:g} times a second over a quarter of the picture or more, first at {:.1f} s, in {:.1f} s of "
        "it",
        name_, limit_.guard == FlashGuard::soften ? "flashed, and was softened where it would flash" : "flashes",
        limit_.per_second, first_, static_cast<double>(flashing_) / fps_);
    return limit_.guard == FlashGuard::soften
               ? what + "."
               : what + "; that can harm people with photosensitive epilepsy. Soften it, or warn who watches.";
}

void FlashSink::finish() {
    sink_->finish();
    if (const std::string text = remark(); !text.empty()) {
        log_warning("{}", text);
    }
}

} // namespace atelier::media
