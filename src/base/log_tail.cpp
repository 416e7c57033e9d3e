// SPDX-License-Identifier: Apache-2.0
#include "base/log_tail.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

namespace atelier {
namespace {

struct Line {
    std::array<char, log_tail_bytes> text;
    std::atomic<std::size_t> bytes{0}; // 0: nothing yet, or not whole
};
std::array<Line, log_tail_lines> lines;
std::atomic<std::size_t> count{0};

} // namespace

void add_to_log_tail(std::string_view text) {
    const std::size_t n = count.load();
    Line& line = lines[n % lines.size()];
    line.bytes = 0;
    std::size_t bytes = std::min(text.size(), line.text.size());
    while (bytes > 0 && bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
        --bytes; // no half characters
    std::memcpy(line.text.data(), text.data(), bytes);
    line.bytes = bytes;
    count = n + 1;
}

void read_log_tail(void (*take)(const char*, std::size_t, void*), void* with) {
    const std::size_t end = count.load();
    for (std::size_t n = end - std::min(end, lines.size()); n < end; ++n) {
        const Line& line = lines[n % lines.size()];
        if (const std::size_t bytes = line.bytes.load(); bytes > 0)
            take(line.text.data(), bytes, with);
    }
}

} // namespace atelier
