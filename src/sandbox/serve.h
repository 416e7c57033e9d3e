// SPDX-License-Identifier: Apache-2.0
// The side of a decoder's process: into the jail, then one answer to each question until the asker is gone.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/owned_fd.h"

namespace atelier::sandbox {

struct Question {
    std::span<const std::uint8_t> bytes;
    OwnedFd file;                     // what came along, read-only; empty: nothing
    std::span<std::uint8_t> shared{}; // for what is too long for an answer
};

// Of a program that Worker starts. prepare: what can only be done outside, such as loading plug-ins; no stranger's file
// is near yet. answer: at most most_answer bytes; std::bad_alloc ends the process, and the asker is told why. Any other
// exception ends it, too. Returns the exit status.
int serve(int argc, char** argv, const std::function<void()>& prepare,
          const std::function<std::vector<std::uint8_t>(Question&)>& answer);

// The same where the descriptors stand (sandbox/protocol.h) and the bounds are known: memory as of enter_jail().
int serve_here(std::uint64_t memory, std::size_t shared_bytes, const std::function<void()>& prepare,
               const std::function<std::vector<std::uint8_t>(Question&)>& answer);

void close_from(int fd); // that one and all above it

} // namespace atelier::sandbox
