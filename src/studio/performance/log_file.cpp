// SPDX-License-Identifier: Apache-2.0
#include "studio/performance/log_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "studio/state/serialization.h"

namespace atelier::studio {
namespace {

class NewFile {
public:
    explicit NewFile(const std::filesystem::path& path) : file_(std::fopen(path.c_str(), "wx"), &std::fclose) {
        if (!file_) // one that is there, too
            fail("{}", std::strerror(errno));
    }
    void append(std::string_view text) const {
        if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size() || std::fflush(file_.get()) != 0)
            fail("{}", std::strerror(errno));
    }

private:
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

// The file is begun on the thread that writes it.
LogFile::Sink sink_of(const std::filesystem::path& path) {
    return [path, file = std::shared_ptr<NewFile>()](std::string_view text) mutable {
        if (!file)
            file = std::make_shared<NewFile>(path);
        file->append(text);
    };
}

std::string text_of(const LogLine& line) {
    if (line.latents.empty())
        return line.text + "\n";
    std::string text = line.text.substr(0, line.text.size() - 1) + ",\"latents\":[";
    for (std::size_t i = 0; i < line.latents.size(); ++i)
        (text += i > 0 ? "," : "") += latent_to_json(*line.latents[i]).dump();
    return text + "]}\n";
}

} // namespace

LogFile::LogFile(std::filesystem::path file) : LogFile(file, sink_of(file)) {}

LogFile::LogFile(std::filesystem::path file, Sink sink)
    : path_(std::move(file)), sink_(std::move(sink)),
      thread_([this](const std::stop_token& stop) { write_all(stop); }) {}

LogFile::~LogFile() = default; // the thread is told to stop, and joined

void LogFile::add(LogLine line) {
    const std::lock_guard lock(mutex_);
    if (!error_.empty())
        return;
    if (bytes_ + line.text.size() > most_waiting) {
        error_ = fmt::format("{}: the performance is logged no further: {} MB wait for the disk, which is too slow. "
                             "What was played before is kept.",
                             path_.string(), bytes_ >> 20U);
        return;
    }
    bytes_ += line.text.size();
    waiting_.push_back(std::move(line));
    wake_.notify_one();
}

void LogFile::write_all(const std::stop_token& stop) {
    std::vector<LogLine> now;
    bool works = true;
    while (true) {
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, stop, [this] { return !waiting_.empty(); });
            now.swap(waiting_);
        }
        if (now.empty())
            return; // told to stop, and all is written
        for (LogLine& line : now) {
            try {
                if (works)
                    sink_(text_of(line));
            } catch (const std::exception& problem) {
                works = false;
                stop_with(fmt::format("{}: the performance can't be logged: {}.", path_.string(), problem.what()));
            }
            const std::lock_guard lock(mutex_);
            bytes_ -= line.text.size();
            line = {};
        }
        now.clear();
    }
}

void LogFile::stop_with(std::string why) {
    const std::lock_guard lock(mutex_);
    if (error_.empty())
        error_ = std::move(why);
}

std::string LogFile::error() const {
    const std::lock_guard lock(mutex_);
    return error_;
}

std::size_t LogFile::bytes_waiting() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

} // namespace atelier::studio
