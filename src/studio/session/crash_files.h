// SPDX-License-Identifier: Apache-2.0
// The reports of crashes that lie in the state folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace atelier::studio {

// Those that nobody has been shown yet, the newest first.
std::vector<std::filesystem::path> new_crash_reports(const std::filesystem::path& folder);
// Its text, at most 256 KB, with the names of functions as they are written in source code. Empty: it can't be read.
std::string crash_report_text(const std::filesystem::path& file);
// The line of it that says what happened: "SIGSEGV, memory that isn't there (at 0x0)".
std::string what_happened(const std::string& report);
// Its name once it has been shown.
std::filesystem::path shown_name(const std::filesystem::path& file);
// Gives it that name. Never throws.
void mark_as_shown(const std::filesystem::path& file);

} // namespace atelier::studio
