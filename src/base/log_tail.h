// SPDX-License-Identifier: Apache-2.0
// The last lines of the log in memory that is there from the start, so that a crash can still read them.
#pragma once

#include <cstddef>
#include <string_view>

namespace atelier {

inline constexpr std::size_t log_tail_lines = 60, log_tail_bytes = 240; // longer lines are cut

// By one thread at a time: the log's own lock sees to that.
void add_to_log_tail(std::string_view line);

// Oldest first. Only what POSIX allows in a signal handler; a line that is being written at that moment is left out.
void read_log_tail(void (*take)(const char* line, std::size_t bytes, void* with), void* with);

} // namespace atelier
