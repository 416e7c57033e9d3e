// SPDX-License-Identifier: Apache-2.0
#include "studio/core/frame_stats.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>

#include <unistd.h>

namespace atelier::studio {
namespace {
constexpr double draw_seconds = 0.25;
constexpr double memory_seconds = 1;
constexpr double follow = 0.2; // part of a new value in the smoothed one

std::optional<std::uint64_t> resident_now() {
    std::ifstream file("/proc/self/statm");
    std::string line;
    std::getline(file, line);
    return resident_of(line, static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)));
}

} // namespace

// Pages: all of the program's memory, then the resident ones, then others.
std::optional<std::uint64_t> resident_of(std::string_view statm, std::uint64_t page_bytes) {
    const std::size_t space = statm.find(' ');
    if (space == std::string_view::npos)
        return std::nullopt;
    std::uint64_t pages = 0;
    const char* from = statm.data() + space + 1;
    if (std::from_chars(from, statm.data() + statm.size(), pages).ec != std::errc())
        return std::nullopt;
    return pages * page_bytes;
}

void FrameStats::window_frame(double ms) {
    if (frames_.size() >= kept_frames)
        frames_.erase(frames_.begin());
    frames_.push_back(ms);
}

double FrameStats::slowest() const {
    return frames_.empty() ? 0 : *std::max_element(frames_.begin(), frames_.end());
}

void FrameStats::uploaded(double ms) {
    upload_ms_ = upload_ms_ == 0 ? ms : upload_ms_ + follow * (ms - upload_ms_);
}

bool FrameStats::tick(double seconds) {
    since_memory_ += seconds;
    if (since_memory_ >= memory_seconds) {
        since_memory_ = 0;
        resident_ = resident_now();
    }
    since_draw_ += seconds;
    if (since_draw_ < draw_seconds)
        return false;
    since_draw_ = 0;
    return true;
}

} // namespace atelier::studio
