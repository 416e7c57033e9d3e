// SPDX-License-Identifier: Apache-2.0
// ReportWriter: text into a file, by calls that a signal handler may make; no memory is asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>

namespace atelier::crash {

class ReportWriter {
public:
    explicit ReportWriter(int fd) : fd_(fd) {}

    ReportWriter& text(const char* text); // to its zero
    ReportWriter& text(const char* text, std::size_t bytes);
    ReportWriter& number(std::int64_t value, int least_digits = 1);
    ReportWriter& hex(std::uint64_t value);  // 0x1f
    ReportWriter& time(std::time_t seconds); // UTC: 2026-03-01 12:00:05
    void flush();
    bool good() const { return good_; } // everything has been written so far

private:
    void put(char c);

    int fd_;
    bool good_ = true;
    std::size_t used_ = 0;
    char buffer_[512];
};

// The same into memory: at most `room` bytes with the zero at its end.
class TextBuffer {
public:
    TextBuffer(char* to, std::size_t room) : to_(to), room_(room) { to_[0] = 0; }
    TextBuffer& text(const char* text);
    TextBuffer& number(std::int64_t value, int least_digits = 1);
    TextBuffer& time(std::time_t seconds); // 20260301-120005

private:
    char* to_;
    std::size_t room_, used_ = 0;
};

// Digits of `value`, without a zero; returns how many. `to` takes 24.
std::size_t digits_of(std::int64_t value, int least_digits, char* to);

struct CivilTime {
    std::int64_t year;
    int month, day, hour, minute, second;
};
CivilTime civil_time(std::time_t seconds); // UTC

} // namespace atelier::crash
