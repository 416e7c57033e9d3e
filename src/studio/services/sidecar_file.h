// SPDX-License-Identifier: Apache-2.0
// SidecarFile: what a person set for one thing - a set of pictures, a model - kept in a file of its own from one day to
// the next. Used by the UI thread; reading and writing happen on others, in turn, and nothing here waits but finish().
#pragma once

#include <filesystem>
#include <future>
#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/file_names.h"
#include "base/future.h"
#include "base/log.h"

namespace atelier::studio {

// How values are kept. load() and save() throw Error, which names the file; save() is atomic.
template <class Value> struct SideFormat {
    std::string (*name)(const std::string& of); // of the file in its folder
    Value (*load)(const std::filesystem::path& file);
    void (*save)(const std::filesystem::path& file, const std::string& of, const Value& value);
    std::size_t most = 0; // files in the folder, the oldest go; 0: all stay
};

// Value: empty() values have no file; join(other) adds what is only in the other.
template <class Value> class SidecarFile {
public:
    // folder: empty: nothing is kept.
    SidecarFile(std::filesystem::path folder, SideFormat<Value> format) : folder_(std::move(folder)), format_(format) {}

    // Of what it is from now on; empty: of nothing. What was kept of it comes with take().
    void open(const std::string& of) {
        if (folder_.empty() || of == of_)
            return;
        put_away();
        of_ = of;
        broken_ = false;
        now_ = kept_ = {};
        if (!of_.empty())
            reading_ = std::async(std::launch::async, read, folder_ / format_.name(of_), format_, writing_);
    }

    // Once, as soon as it is read; none: there is nothing.
    std::optional<Value> take() {
        if (!is_ready(reading_))
            return {};
        Read read = reading_.get();
        if (!read.error.empty()) {
            error_ = read.error;
            broken_ = true;
        }
        kept_ = read.value;
        return read.value.empty() ? std::nullopt : std::optional(std::move(read.value));
    }

    // Once a tick, with what is set now: written when it has stood for a second.
    void tick(const Value& now, double seconds) {
        if (is_ready(writing_)) {
            if (std::string error = writing_.get(); !error.empty())
                error_ = std::move(error);
            writing_ = {};
        }
        since_change_ = now == now_ ? since_change_ + seconds : 0;
        now_ = now;
        if (!of_.empty() && !broken_ && !reading_.valid() && now_ != kept_ && since_change_ >= rest)
            save();
    }

    // Writes what is not written yet, and is closed.
    void finish() {
        put_away();
        of_.clear();
        if (!writing_.valid())
            return;
        if (const std::string& error = writing_.get(); !error.empty())
            log_warning("{}", error);
    }

    std::string take_error() { return std::exchange(error_, {}); } // once, in one sentence; empty: none

private:
    static constexpr double rest = 1; // seconds without a change before it is written

    struct Read {
        Value value;
        std::string error;
    };

    static Read read(const std::filesystem::path& file, const SideFormat<Value>& format,
                     const std::shared_future<std::string>& before) {
        if (before.valid())
            before.wait();
        Read read;
        try {
            std::error_code error;
            if (std::filesystem::exists(file, error))
                read.value = format.load(file);
        } catch (const std::exception& trouble) {
            read.error = message_of(trouble);
        }
        return read;
    }

    void put_away() {
        if (!of_.empty() && !broken_ && (reading_.valid() || now_ != kept_))
            save();
    }

    void save() {
        kept_ = now_; // if it fails, that is told once
        writing_ = std::async(std::launch::async,
                              [folder = folder_, format = format_, of = of_, value = now_, before = writing_,
                               reading = std::move(reading_)]() mutable -> std::string {
                                  if (before.valid())
                                      before.wait();
                                  try {
                                      if (reading.valid()) { // what was set meanwhile joins what the file has
                                          const Read read = reading.get();
                                          if (!read.error.empty())
                                              return read.error;
                                          value.join(read.value);
                                      }
                                      put(folder, format, of, value);
                                  } catch (const std::exception& trouble) {
                                      return message_of(trouble);
                                  }
                                  return {};
                              })
                       .share();
    }

    static void put(const std::filesystem::path& folder, const SideFormat<Value>& format, const std::string& of,
                    const Value& value) {
        const std::filesystem::path file = folder / format.name(of);
        std::error_code error;
        if (value.empty()) {
            std::filesystem::remove(file, error);
            return;
        }
        std::filesystem::create_directories(folder, error);
        format.save(file, of, value);
        if (format.most > 0)
            keep_newest(folder, format.most);
    }

    std::filesystem::path folder_;
    SideFormat<Value> format_;
    std::string of_;
    std::future<Read> reading_;
    std::shared_future<std::string> writing_; // error
    Value now_, kept_;                        // kept_: as the file has it
    double since_change_ = 0;                 // seconds
    bool broken_ = false;                     // the file, which is left as it is
    std::string error_;
};

} // namespace atelier::studio
