// SPDX-License-Identifier: Apache-2.0
// LogFile: the lines of a performance log on their way to the disk, in a thread of their own. Adding never waits; what
// waits is bounded.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/render_params.h"

namespace atelier::studio {

// An object in braces, and the latents that its log has not held before.
struct LogLine {
    std::string text;
    std::vector<std::shared_ptr<const ExplicitLatent>> latents; // numbered on from those of the lines before
};

class LogFile {
public:
    static constexpr std::size_t most_waiting = 32U << 20U; // bytes of text
    // Puts text at the file's end. Throws Error.
    using Sink = std::function<void(std::string_view)>;

    // Begins the file, unless one is there. Trouble with it shows in error().
    explicit LogFile(std::filesystem::path file);
    LogFile(std::filesystem::path file, Sink sink); // file: for messages
    ~LogFile();                                     // waits until all is written
    LogFile(const LogFile&) = delete;
    LogFile& operator=(const LogFile&) = delete;

    // Does nothing once there is an error. Where more than most_waiting would wait, that is the error: the file ends
    // with the line before, and is whole.
    void add(LogLine line);

    std::string error() const;         // one sentence; empty: all is well
    std::size_t bytes_waiting() const; // with what is being written

private:
    void write_all(const std::stop_token& stop);
    void stop_with(std::string why); // unless it has stopped before

    std::filesystem::path path_;
    Sink sink_;
    mutable std::mutex mutex_;
    std::condition_variable_any wake_;
    std::vector<LogLine> waiting_;
    std::size_t bytes_ = 0;
    std::string error_;
    std::jthread thread_; // last: it uses the rest
};

} // namespace atelier::studio
