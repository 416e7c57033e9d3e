// SPDX-License-Identifier: Apache-2.0
// How many cores one operation uses. No torch here.
#pragma once

namespace atelier {

// Of the calling thread's operations from here on, loops and products of matrices alike; 0: as many as the machine has
// cores. Other threads keep what they have said themselves. A thread that never said takes, at its first loop, whatever
// number any thread said last: torch keeps that one for the process. So every thread that computes says it first.
void set_operation_threads(int threads);

// Of the calling thread.
int operation_threads();

// The same for as long as this stands, for work on a thread that belongs to somebody else.
class OperationThreads {
public:
    explicit OperationThreads(int threads) : before_(operation_threads()) { set_operation_threads(threads); }
    ~OperationThreads() { set_operation_threads(before_); }
    OperationThreads(const OperationThreads&) = delete;
    OperationThreads& operator=(const OperationThreads&) = delete;

private:
    int before_;
};

} // namespace atelier
