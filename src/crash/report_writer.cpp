// SPDX-License-Identifier: Apache-2.0
#include "crash/report_writer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <unistd.h>

namespace atelier::crash {

std::size_t digits_of(std::int64_t value, int least_digits, char* to) {
    char back[24];
    int n = 0;
    std::uint64_t rest = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    do {
        back[n++] = static_cast<char>('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    while (n < std::min(least_digits, 20))
        back[n++] = '0';
    if (value < 0)
        back[n++] = '-';
    for (int i = 0; i < n; ++i)
        to[i] = back[n - 1 - i];
    return static_cast<std::size_t>(n);
}

CivilTime civil_time(std::time_t seconds) {
    std::int64_t days = seconds / 86400;
    std::int64_t rest = seconds % 86400;
    if (rest < 0) {
        rest += 86400;
        --days;
    }
    const auto leap = [](std::int64_t y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; };
    CivilTime out{
        1970, 1, 1, static_cast<int>(rest / 3600), static_cast<int>(rest / 60 % 60), static_cast<int>(rest % 60)};
    for (; days < 0; --out.year)
        days += leap(out.year - 1) ? 366 : 365;
    for (; days >= (leap(out.year) ? 366 : 365); ++out.year)
        days -= leap(out.year) ? 366 : 365;
    const int months[] = {31, leap(out.year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (; days >= months[out.month - 1]; ++out.month)
        days -= months[out.month - 1];
    out.day = static_cast<int>(days) + 1;
    return out;
}

void ReportWriter::put(char c) {
    if (used_ == sizeof buffer_)
        flush();
    buffer_[used_++] = c;
}

ReportWriter& ReportWriter::text(const char* text) {
    return this->text(text, std::strlen(text));
}

ReportWriter& ReportWriter::text(const char* text, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i)
        put(text[i]);
    return *this;
}

ReportWriter& ReportWriter::number(std::int64_t value, int least_digits) {
    char digits[24];
    return text(digits, digits_of(value, least_digits, digits));
}

ReportWriter& ReportWriter::hex(std::uint64_t value) {
    text("0x");
    int shift = 60;
    while (shift > 0 && (value >> shift) == 0)
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        put("0123456789abcdef"[(value >> shift) & 15]);
    return *this;
}

ReportWriter& ReportWriter::time(std::time_t seconds) {
    const CivilTime t = civil_time(seconds);
    number(t.year, 4).text("-").number(t.month, 2).text("-").number(t.day, 2).text(" ");
    return number(t.hour, 2).text(":").number(t.minute, 2).text(":").number(t.second, 2);
}

void ReportWriter::flush() {
    for (std::size_t done = 0; done < used_ && good_;) {
        const ssize_t n = write(fd_, buffer_ + done, used_ - done);
        if (n < 0 && errno == EINTR)
            continue;
        good_ = n > 0;
        done += n > 0 ? static_cast<std::size_t>(n) : 0;
    }
    used_ = 0;
}

TextBuffer& TextBuffer::text(const char* text) {
    for (; *text != 0 && used_ + 1 < room_; ++text)
        to_[used_++] = *text;
    to_[used_] = 0;
    return *this;
}

TextBuffer& TextBuffer::number(std::int64_t value, int least_digits) {
    char digits[25];
    digits[digits_of(value, least_digits, digits)] = 0;
    return text(digits);
}

TextBuffer& TextBuffer::time(std::time_t seconds) {
    const CivilTime t = civil_time(seconds);
    number(t.year, 4).number(t.month, 2).number(t.day, 2).text("-");
    return number(t.hour, 2).number(t.minute, 2).number(t.second, 2);
}

} // namespace atelier::crash
