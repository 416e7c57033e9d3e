// SPDX-License-Identifier: Apache-2.0
// Where an installed program finds libraries that aren't at their usual place beside it. For the launcher alone, which
// loads nothing but the C library.
#pragma once

#include <string>

namespace atelier {

struct LibraryPath {
    std::string folders; // for LD_LIBRARY_PATH, separated by colons; empty, as mostly: all is at its usual place
    std::string problem; // a sentence, where a torch folder is named that is none
};

// `bin`: the program's folder, with a slash at its end. The folders are, in this order:
// - of the torch named by ATELIER_LIBTORCH, or by a line "libtorch = FOLDER" of /etc/atelier.conf for a program below
//   /usr; the folder that holds lib/libtorch_cpu.so, or its parent;
// - bin/../lib/fallback/NAME for each library NAME there (such as libasound.so.2) that this system doesn't have. The
//   system's own is better where there is one, since it fits the sound server, the display, ... that it talks to.
LibraryPath library_path(const std::string& bin);

} // namespace atelier
