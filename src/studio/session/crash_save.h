// SPDX-License-Identifier: Apache-2.0
// A text that reaches a file even when the program crashes: the session as it stood a moment before.
#pragma once

#include <filesystem>
#include <string>

namespace atelier::studio {

// From now on a crash (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) writes the newest text to `file` - to a temporary
// name, fsynced, renamed - and then ends the program as it would have. One at a time in a program.
void arm_crash_save(const std::filesystem::path& file);
void set_crash_text(std::string text); // by one thread at a time, of any
void disarm_crash_save();

} // namespace atelier::studio
