// SPDX-License-Identifier: Apache-2.0
// A report of a crash, as text in a folder of this machine: what happened, where in the program, and the last lines of
// the log. Files in it have names and no folders; there are no pictures. It is never sent anywhere.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace atelier::crash {

// "crash-20260301-120005-1234.txt"; with the second ending until somebody has been shown it.
inline constexpr const char* report_prefix = "crash-";
inline constexpr const char* report_ending = ".txt";
inline constexpr const char* new_report_ending = ".new.txt";
inline constexpr std::size_t kept_reports = 10;

struct ReportOptions {
    std::filesystem::path folder; // made when there is something to put into it
    std::string version;          // "atelier 0.1.0"
    std::string command;          // "train"
};

// From now on a crash, an exception that nobody takes included, leaves a report: written under another name, synced,
// renamed. The program then ends as it would have ended. Of older reports the newest are kept. Once in a program; never
// throws.
void arm_crash_reports(const ReportOptions& options);
void disarm_crash_reports();

} // namespace atelier::crash
