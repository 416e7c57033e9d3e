// SPDX-License-Identifier: Apache-2.0
// Forker: a copy of the program from its first moment, which only waits to be copied again. Each copy is a worker
// (Worker) that has all of the program's code ready - loading it anew takes a quarter of a second - and nothing of what
// the program has opened, read or begun since.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include <sys/types.h>

#include "base/owned_fd.h"
#include "sandbox/serve.h"

namespace atelier::sandbox {

class Forker {
public:
    // As of serve().
    using Answer = std::function<std::vector<std::uint8_t>(Question&)>;

    // To be made before the program has a second thread. Throws Unavailable.
    explicit Forker(const Answer& answer);
    ~Forker(); // ends that process
    Forker(const Forker&) = delete;
    Forker& operator=(const Forker&) = delete;

    // A process that serves over the other end of `socket`, with so much memory as Worker is given. It is this
    // program's own child. Any thread. Throws Unavailable.
    pid_t copy(int socket, int memory, std::size_t shared_bytes, std::uint64_t most_memory);

private:
    std::mutex mutex_;
    OwnedFd control_;
    pid_t pid_ = -1;
};

} // namespace atelier::sandbox
