// SPDX-License-Identifier: Apache-2.0
// A program of commands: reads the command line, runs one, turns every failure into a sentence and an exit code.
#pragma once

#include <vector>

#include "cli/commands.h"

namespace atelier {

using AddCommand = void (*)(CLI::App&);

// `otherwise`: the command that runs where none is given; null: that is an error. 0, 2 for bad input, 1 for a fault of
// the program's own and for a check of the doctor that failed.
int run_program(int argc, char** argv, const std::vector<AddCommand>& commands, const char* otherwise);

// Ends the process at once: everything is written and closed by now, and torch would take its thousands of operators
// out of their table one by one.
[[noreturn]] void leave(int code);

} // namespace atelier
