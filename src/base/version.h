// SPDX-License-Identifier: Apache-2.0
// Which Atelier this is: asked for by --version, doctor, crash reports and bug reports.
#pragma once

#include <string>

namespace atelier {

struct BuildFacts {
    std::string version; // semantic, of CMakeLists.txt
    std::string commit;  // short, with "+" where the checkout had changes; empty: built from no checkout
    std::string options; // "Release, CUDA 13.0, no Link": what was chosen when it was built
};

const BuildFacts& build_facts();

// "0.9.0 (1a2b3c4d5)", as one line for reports.
std::string version_line();

} // namespace atelier
