// SPDX-License-Identifier: Apache-2.0
#include "base/progress.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/path_text.h"

namespace atelier {
namespace {

constexpr double redraw_seconds = 0.1;
constexpr int bar_cells = 24;

} // namespace

double TimeLeft::update(std::int64_t done, std::int64_t total, double now) {
    if (done <= 0 || total <= 0) {
        return -1;
    }
    if (first_done_ == 0) {
        first_done_ = done;
        first_time_ = now;
    }
    if (done >= total) {
        return 0;
    }
    if (done <= first_done_ || now <= first_time_) {
        return -1;
    }
    const double pace = (now - first_time_) / static_cast<double>(done - first_done_);
    return pace * static_cast<double>(total - done);
}

std::string duration_text(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0) {
        return "?";
    }
    if (seconds < 9.95) {
        return fmt::format("{:.1f} s", seconds);
    }
    const auto whole = static_cast<std::int64_t>(std::llround(std::min(seconds, 1e12)));
    if (whole < 60) {
        return fmt::format("{} s", whole);
    }
    if (whole < 3600) {
        return fmt::format("{}:{:02}", whole / 60, whole % 60);
    }
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

ProgressOutput progress_on_standard_error() {
    ProgressOutput output;
    output.write = [](std::string_view text) {
        const std::string shown = readable_text(text); // it may name a file
        std::fwrite(shown.data(), 1, shown.size(), stderr);
        std::fflush(stderr);
    };
    output.now = steady_seconds;
    output.terminal = isatty(STDERR_FILENO) == 1;
    winsize size{};
    if (output.terminal && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        output.columns = size.ws_col;
    }
    return output;
}

ProgressBar::ProgressBar(std::string what, std::string unit, ProgressOutput output)
    : what_(std::move(what)), unit_(std::move(unit)), output_(std::move(output)) {}

ProgressBar::~ProgressBar() {
    try {
        if (!closed_ && drawn_) {
            output_.write("\n");
        }
    } catch (...) { // a lost line end is not worth a crash
    }
}

void ProgressBar::update(std::int64_t done, std::int64_t total) {
    if (closed_ || total <= 0) {
        return;
    }
    done = std::clamp<std::int64_t>(done, 0, total);
    const double now = output_.now();
    const double left = time_left_.update(done, total, now);
    if (output_.terminal) {
        if (drawn_ && done < total && now - drawn_at_ < redraw_seconds) {
            return;
        }
        drawn_ = true;
        drawn_at_ = now;
        output_.write("\r" + bar_line(done, total, left) + "\x1b[K");
        return;
    }
    const std::int64_t tenth = done * 10 / total;
    if (tenth > tenth_) {
        tenth_ = tenth;
        const std::string rest = left > 0 ? ", " + duration_text(left) + " left" : "";
        output_.write(fmt::format("{}: {} % ({} of {} {}{})\n", what_, done * 100 / total, done, total, unit_, rest));
    }
}

std::string ProgressBar::bar_line(std::int64_t done, std::int64_t total, double left) const {
    const auto full = static_cast<std::size_t>(done * bar_cells / total);
    const std::string rest = left > 0 ? ", " + duration_text(left) + " left" : "";
    const std::string head = fmt::format("{} {:3} % ", what_, done * 100 / total);
    const std::string tail = fmt::format(" {}/{} {}{}", done, total, unit_, rest);
    const std::string bar = "[" + std::string(full, '#') + std::string(bar_cells - full, '.') + "]";
    // A line that wraps would not be redrawn in place.
    const auto room = static_cast<std::size_t>(std::max(output_.columns - 1, 1));
    std::string line = head + bar + tail;
    if (line.size() > room) {
        line = (head + tail.substr(1)).substr(0, room);
    }
    return line;
}

void ProgressBar::close(std::string_view sentence) {
    if (closed_) {
        return;
    }
    closed_ = true;
    const std::string start = output_.terminal && drawn_ ? "\r\x1b[K" : "";
    output_.write(start + std::string(sentence) + "\n");
}

} // namespace atelier
