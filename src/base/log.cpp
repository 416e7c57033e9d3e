// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <chrono>
#include <deque>
#include <mutex>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "base/log_tail.h"
#include "base/path_text.h"
#include "base/without_folders.h"

namespace atelier {
namespace {

constexpr std::size_t kept_lines = 500;

struct Ring {
    std::mutex mutex;
    std::deque<LogLine> lines;
    std::uint64_t count = 0;
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

Ring& ring() {
    static Ring instance;
    return instance;
}

spdlog::logger& console() {
    static const auto logger = [] {
        auto made = spdlog::stderr_color_mt("atelier");
        made->set_pattern("%^%l%$: %v");
        made->set_level(spdlog::level::warn);
        return made;
    }();
    return *logger;
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

} // namespace

void log_line(LogLevel level, std::string text) {
    text = readable_text(text); // it may name a file
    console().log(to_spdlog(level), "{}", text);
    const std::string shareable = without_folders(text);
    Ring& r = ring();
    const std::lock_guard lock(r.mutex);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - r.start).count();
    constexpr const char* names[] = {"debug", "info", "warning", "error"};
    add_to_log_tail(fmt::format("{:9.3f} s  {}: {}", seconds, names[static_cast<int>(level)], shareable));
    r.lines.push_back({++r.count, level, seconds, std::move(text)});
    if (r.lines.size() > kept_lines) {
        r.lines.pop_front();
    }
}

std::vector<LogLine> recent_log(std::uint64_t after) {
    Ring& r = ring();
    const std::lock_guard lock(r.mutex);
    std::vector<LogLine> result;
    for (const LogLine& line : r.lines) {
        if (line.number > after) {
            result.push_back(line);
        }
    }
    return result;
}

void set_console_level(LogLevel level) {
    console().set_level(to_spdlog(level));
}

} // namespace atelier
