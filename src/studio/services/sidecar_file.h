// SPDX-License-Identifier: Apache-2.0
// SidecarFile: what a person set for one thing - a set of pictures, a model - kept in a file of its own from one day to
// the next. Used by the UI thread; reading and writing happen on others, in turn, and nothing here waits but finish().
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/file_names.h"
#include "base/job_queue.h"
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
        read_.reset();
        reading_ = of_.empty() ? 0 : ++reads_;
        if (reading_ > 0)
            disk_.add([file = folder_ / format_.name(of_), format = format_, number = reading_] {
                return read(file, format, number);
            });
    }

    // Once, as soon as it is read; none: there is nothing.
    std::optional<Value> take() {
        follow_disk();
        if (!read_)
            return {};
        Done read = *std::exchange(read_, std::nullopt);
        reading_ = 0;
        broken_ = !read.error.empty();
        if (broken_)
            error_ = std::move(read.error);
        kept_ = read.value;
        return kept_.empty() ? std::nullopt : std::optional(std::move(read.value));
    }

    // Once a tick, with what is set now: written when it has stood for a second.
    void tick(const Value& now, double seconds) {
        follow_disk();
        since_change_ = now == now_ ? since_change_ + seconds : 0;
        now_ = now;
        if (!of_.empty() && !broken_ && reading_ == 0 && now_ != kept_ && since_change_ >= rest && !disk_.working())
            save();
    }

    // Writes what is not written yet, and is closed.
    void finish() {
        put_away();
        of_.clear();
        disk_.wait();
        follow_disk();
        if (!error_.empty())
            log_warning("{}", std::exchange(error_, {}));
    }

    std::string take_error() { return std::exchange(error_, {}); } // once, in one sentence; empty: none

private:
    static constexpr double rest = 1; // seconds without a change before it is written

    struct Done {
        std::size_t number = 0; // of the reading; 0: it was a writing
        Value value;
        std::string error;
    };

    static Value load(const std::filesystem::path& file, const SideFormat<Value>& format) {
        std::error_code error;
        return std::filesystem::exists(file, error) ? format.load(file) : Value();
    }

    static Done read(const std::filesystem::path& file, const SideFormat<Value>& format, std::size_t number) {
        Done done{number, {}, {}};
        try {
            done.value = load(file, format);
        } catch (const std::exception& trouble) {
            done.error = message_of(trouble);
        }
        return done;
    }

    void follow_disk() {
        while (auto outcome = disk_.take()) {
            if (!outcome->message.empty())
                error_ = std::move(outcome->message);
            if (outcome->result && outcome->result->number > 0 && outcome->result->number == reading_)
                read_ = std::move(*outcome->result);
        }
    }

    void put_away() {
        if (!of_.empty() && !broken_ && (reading_ > 0 || now_ != kept_))
            save();
    }

    void save() {
        kept_ = now_; // if it fails, that is told once
        disk_.add([folder = folder_, format = format_, of = of_, value = now_, join = reading_ > 0]() mutable {
            if (join) // what was set meanwhile joins what the file has
                value.join(load(folder / format.name(of), format));
            put(folder, format, of, value);
            return Done();
        });
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
    std::size_t reads_ = 0, reading_ = 0; // numbers; 0: what it holds is known
    std::optional<Done> read_;            // not taken yet
    Value now_, kept_;                    // kept_: as the file has it
    double since_change_ = 0;             // seconds
    bool broken_ = false;                 // the file, which is left as it is
    std::string error_;
    JobQueue<Done> disk_; // reads and writes, in turn
};

} // namespace atelier::studio
