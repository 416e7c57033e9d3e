// SPDX-License-Identifier: Apache-2.0
// The one place that takes the signals of a crash: SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT. Whatever is to be done
// then is done in its order, on a stack of its own where the thread has one, and the program ends as it would have
// ended.
#pragma once

#include <csignal>

namespace atelier::crash {

struct Crash {
    int signal = 0;
    const siginfo_t* info = nullptr;
    void* context = nullptr; // ucontext_t: where the thread stood
};

// In the order in which it is done.
enum class Act { save_work, write_report, name_stack };
inline constexpr int acts = 3;

// From now on; null takes it away. `act` may make only calls that POSIX allows in a signal handler. One that crashes
// itself is given up, and the next one follows; all together they have ten seconds.
void set_on_crash(Act which, void (*act)(const Crash&));

} // namespace atelier::crash
