// SPDX-License-Identifier: Apache-2.0
#include "io/png_check.h"

#include <array>

#include <zlib.h>

#include "base/error.h"

namespace atelier::io {

namespace {

std::uint32_t big_endian32(Bytes data, std::size_t at) {
    return std::uint32_t{data[at]} << 24 | std::uint32_t{data[at + 1]} << 16 | std::uint32_t{data[at + 2]} << 8 |
           data[at + 3];
}

std::uint64_t filtered_bytes(const ImageFacts& facts, int width, int height) {
    const auto bits = static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(facts.samples * facts.depth);
    return width == 0 ? 0 : static_cast<std::uint64_t>(height) * (1 + (bits + 7) / 8); // one for the filter's kind
}

// Unpacked size of all rows, of the seven passes of an interlaced picture (ISO/IEC 15948, 8.2).
std::uint64_t expected_bytes(const ImageFacts& facts) {
    if (!facts.interlaced) {
        return filtered_bytes(facts, facts.width, facts.height);
    }
    struct Pass {
        int x, y, dx, dy;
    };
    constexpr std::array<Pass, 7> passes{
        {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}};
    std::uint64_t sum = 0;
    for (const Pass& pass : passes) {
        sum += filtered_bytes(facts, (facts.width - pass.x + pass.dx - 1) / pass.dx,
                              (facts.height - pass.y + pass.dy - 1) / pass.dy);
    }
    return sum;
}

// Inflates without keeping anything, to count.
class Counter {
public:
    explicit Counter(std::uint64_t most) : most_(most) { ok_ = inflateInit(&stream_) == Z_OK; }
    ~Counter() { inflateEnd(&stream_); }
    Counter(const Counter&) = delete;
    Counter& operator=(const Counter&) = delete;

    void feed(Bytes packed) {
        stream_.next_in = const_cast<Bytef*>(packed.data());
        stream_.avail_in = static_cast<uInt>(packed.size());
        while (ok_ && !ended_) {
            stream_.next_out = scratch_.data();
            stream_.avail_out = static_cast<uInt>(scratch_.size());
            const int state = inflate(&stream_, Z_NO_FLUSH);
            ended_ = state == Z_STREAM_END;
            ok_ = (ended_ || state == Z_OK || state == Z_BUF_ERROR) && stream_.total_out <= most_;
            if (stream_.avail_out != 0) {
                return; // wants more input
            }
        }
    }
    bool whole() const { return ok_ && ended_; }
    std::uint64_t count() const { return stream_.total_out; }

private:
    std::uint64_t most_;
    z_stream stream_{};
    bool ok_ = false, ended_ = false;
    std::array<std::uint8_t, 32768> scratch_;
};

} // namespace

void check_png(Bytes data, const ImageFacts& facts, const std::string& name) {
    constexpr std::uint64_t slack = 65536; // some encoders pad
    const std::uint64_t expected = expected_bytes(facts);
    Counter counter(expected + slack);
    for (std::size_t at = 8; at + 12 <= data.size();) { // image_facts has seen that the chunks fit
        const std::size_t length = big_endian32(data, at);
        const Bytes typed = data.subspan(at + 4, length + 4); // what the checksum covers
        if (crc32_z(0, typed.data(), typed.size()) != big_endian32(data, at + 8 + length)) {
            fail("{}: is a damaged picture (a checksum is wrong)", name);
        }
        const std::string_view type = as_text(typed.first(4));
        if (type == "IDAT") {
            counter.feed(typed.subspan(4));
        } else if (type == "IEND") {
            break;
        }
        at += length + 12;
    }
    if (!counter.whole() || counter.count() < expected) {
        fail("{}: is a damaged picture (its pixels can't be unpacked, or are not as many as it says)", name);
    }
}

} // namespace atelier::io
