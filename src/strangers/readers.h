// SPDX-License-Identifier: Apache-2.0
// Readers: while they stand, model files that are not Atelier's own and songs are read in a process of their own that
// can do nothing else (sandbox/forker.h). What happens there costs one file.
#pragma once

#include <memory>

namespace atelier::strangers {

class Readers {
public:
    // To be made first thing in the program. Where there can be none, files are read in the program itself, and a line
    // in the log says so once.
    Readers();
    ~Readers();
    Readers(const Readers&) = delete;
    Readers& operator=(const Readers&) = delete;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace atelier::strangers
