// SPDX-License-Identifier: Apache-2.0
// How far a long command is: a redrawn line on a terminal, a few plain lines when piped. Owned by the command.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace atelier {

// Seconds left, from the pace since the first finished item (which pays for warming up).
class TimeLeft {
public:
    // `now` in seconds of any steady clock. Negative while unknown.
    double update(std::int64_t done, std::int64_t total, double now);

private:
    std::int64_t first_done_ = 0;
    double first_time_ = 0;
};

// "4.2 s", "1:05", "2:03:09"; whole seconds from 10 s up.
std::string duration_text(double seconds);

// Where a bar is drawn; the default is standard error and a steady clock. Tests give their own.
struct ProgressOutput {
    std::function<void(std::string_view)> write;
    std::function<double()> now; // seconds
    bool terminal = false;
    int columns = 80;
};
ProgressOutput progress_on_standard_error();

class ProgressBar {
public:
    // `what` names the work, `unit` what is counted ("frames").
    ProgressBar(std::string what, std::string unit, ProgressOutput output = progress_on_standard_error());
    ~ProgressBar(); // ends the line if close() has not
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    // May be called as often as one likes: a terminal is redrawn at most 10 times a second, a pipe gets a line about
    // every 10 %.
    void update(std::int64_t done, std::int64_t total);

    // Replaces the bar by a closing sentence.
    void close(std::string_view sentence);

private:
    std::string bar_line(std::int64_t done, std::int64_t total, double left) const;

    std::string what_;
    std::string unit_;
    ProgressOutput output_;
    TimeLeft time_left_;
    double drawn_at_ = 0;
    bool drawn_ = false;
    bool closed_ = false;
    std::int64_t tenth_ = 0; // of the last plain line
};

} // namespace atelier
