// SPDX-License-Identifier: Apache-2.0
// SafeStart: how this run begins. After one that did not end properly the window asks first: as usual, or without all
// that may have been to blame. Also shows the report of the last crash. Part of the Studio, in the UI thread.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/job_queue.h"

namespace atelier::studio {

struct StudioContext;

class SafeStart {
public:
    // reports: the folder of the crash reports; empty: there are none.
    SafeStart(StudioContext& context, const std::filesystem::path& reports, bool unclean_end, bool safe);

    // The window waits to be told how to begin; until then nothing opens by itself.
    bool asks() const { return asks_; }
    // No model is opened by itself, pictures take the plain way to the window, inputs and outputs stay closed.
    bool safe() const { return safe_; }
    void answer(bool safe);
    std::function<void(bool safe)> on_answer; // set by the Studio

    // --- the newest report that nobody had been shown; empty: there is none
    const std::string& report() const { return report_; }
    const std::filesystem::path& report_file() const { return file_; }
    std::string what() const; // what happened, in some words
    void tell_report();       // where no dialog says so: a message that leads to it
    void remove_report();
    void finish() { disk_.wait(); }

private:
    void mark_shown();

    StudioContext& context_;
    bool asks_ = false, safe_ = false;
    std::filesystem::path file_;
    std::vector<std::filesystem::path> unseen_;
    std::string report_;
    JobQueue<Nothing> disk_;
};

} // namespace atelier::studio
