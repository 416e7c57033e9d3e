// SPDX-License-Identifier: Apache-2.0
// Process-wide log: standard error through spdlog, and a ring of recent lines for the studio's log panel.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace atelier {

enum class LogLevel { debug, info, warning, error };

struct LogLine {
    std::uint64_t number = 0; // counts up from 1, so that a reader can tell what is new
    LogLevel level = LogLevel::info;
    double seconds = 0; // since the program started
    std::string text;
};

void log_line(LogLevel level, std::string text);

// Lines newer than `after`, oldest first; at most the last 500 are kept. Safe from any thread.
std::vector<LogLine> recent_log(std::uint64_t after = 0);

// Lines below `level` are not printed to standard error (they still enter the ring). Default: warning.
void set_console_level(LogLevel level);

template <typename... Args> void log_info(fmt::format_string<Args...> text, Args&&... args) {
    log_line(LogLevel::info, fmt::format(text, std::forward<Args>(args)...));
}
template <typename... Args> void log_warning(fmt::format_string<Args...> text, Args&&... args) {
    log_line(LogLevel::warning, fmt::format(text, std::forward<Args>(args)...));
}
template <typename... Args> void log_error(fmt::format_string<Args...> text, Args&&... args) {
    log_line(LogLevel::error, fmt::format(text, std::forward<Args>(args)...));
}

} // namespace atelier
