// SPDX-License-Identifier: Apache-2.0
// FailingMemory: a machine that has no memory left for the allocation of a number that is asked for. It stands before
// malloc and its kin of the whole test program, whichever library asks. For tests only.
#pragma once

#include <cstddef>

namespace atelier::faults {

enum class WhoseMemory { this_thread, other_threads, all_threads };

class FailingMemory {
public:
    // From now on: the allocation number `nth`, from 1, of those of `bytes` at least finds no memory; 0: none fails.
    // One at a time.
    FailingMemory(std::size_t nth, std::size_t bytes, WhoseMemory whose);
    ~FailingMemory();
    FailingMemory(const FailingMemory&) = delete;
    FailingMemory& operator=(const FailingMemory&) = delete;

    bool failed() const;       // that allocation has come
    std::size_t count() const; // of such allocations so far
};

} // namespace atelier::faults
