// SPDX-License-Identifier: Apache-2.0
// InterruptGuard: lets a long command end in its own time on Ctrl-C.
#pragma once

#include <csignal>

namespace atelier {

// While it lives, a first Ctrl-C is only noted; a second one, by the default handler, ends the program.
class InterruptGuard {
public:
    InterruptGuard() : before_(std::signal(SIGINT, note)) {}
    ~InterruptGuard() { std::signal(SIGINT, before_); }
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    bool interrupted() const { return interrupted_ != 0; }

private:
    static void note(int signal) {
        interrupted_ = 1;
        std::signal(signal, SIG_DFL);
    }
    inline static volatile std::sig_atomic_t interrupted_ = 0;
    void (*before_)(int);
};

} // namespace atelier
