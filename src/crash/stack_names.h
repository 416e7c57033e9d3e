// SPDX-License-Identifier: Apache-2.0
// Where a thread stood when it crashed, as addresses in files and as names. Nothing here asks for memory or a lock.
#pragma once

#include <cstddef>
#include <cstdint>

#include "crash/crash_signals.h"

namespace atelier::crash {

struct StackFrame {
    std::uintptr_t address = 0; // within the instruction
    bool found = false;         // what follows is known
    char file[1024] = {};       // the program or library it lies in, with its folders
    std::uint64_t offset = 0;   // in that file
};

// From the instruction that crashed outwards; returns how many.
int walk_stack(const Crash& crash, StackFrame* frames, int most);
// Which file each lies in, as the kernel says.
void find_files(StackFrame* frames, int count);

// What a file says of a place in it.
struct PlaceInFile {
    std::uint64_t address = 0; // as the file counts, for addr2line
    char symbol[512] = {};     // as the linker knows it; empty: none
    std::uint64_t beyond = 0;  // bytes after the symbol's begin
    char build[41] = {};       // the file's build id; empty: none
};
// False: the file can't be read as a program. It is read as it is by now: one that is being changed may crash this.
bool look_up(const StackFrame& frame, PlaceInFile& place);

const char* name_of_file(const char* path); // behind its last slash

} // namespace atelier::crash
