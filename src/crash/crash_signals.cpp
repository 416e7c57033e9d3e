// SPDX-License-Identifier: Apache-2.0
#include "crash/crash_signals.h"

#include <array>
#include <atomic>
#include <mutex>

#include <sys/syscall.h>
#include <unistd.h>

#include "crash/crash_stack.h"

namespace atelier::crash {
namespace {

constexpr std::array signals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr unsigned seconds_to_act = 10;

using OnCrash = void (*)(const Crash&);
std::mutex mutex; // of those who set; the handler takes none
std::array<std::atomic<OnCrash>, acts> wanted{};
std::array<struct sigaction, signals.size()> before{};
bool installed = false;

std::atomic<long> crashed_thread{0};
std::atomic<int> next_act{0};
Crash crashed; // as it was at first

void as_before() {
    for (std::size_t i = 0; i < signals.size(); ++i)
        sigaction(signals[i], &before[i], nullptr);
}

// What was to be done hangs: the program ends by what it crashed of.
void on_late(int) {
    as_before();
    std::signal(crashed.signal, SIG_DFL);
    kill(getpid(), crashed.signal);
}

void on_signal(int number, siginfo_t* info, void* context) {
    const long self = syscall(SYS_gettid);
    long nobody = 0;
    if (!crashed_thread.compare_exchange_strong(nobody, self) && nobody != self) {
        while (true) // another one is at it, and ends the program
            pause();
    }
    if (nobody == 0) {
        crashed = {number, info, context};
        struct sigaction late {};
        late.sa_handler = on_late;
        sigemptyset(&late.sa_mask);
        sigaction(SIGALRM, &late, nullptr);
        alarm(seconds_to_act);
    }
    // Here again: the act before has crashed, and it goes on with the next.
    for (int i = next_act++; i < acts; i = next_act++) {
        if (const OnCrash act = wanted[static_cast<std::size_t>(i)].load(); act != nullptr)
            act(crashed);
    }
    as_before();
    alarm(0);
    // A fault comes again by itself, with its place for whoever looks then; what was sent is sent again.
    const bool again = number != SIGABRT && info != nullptr && info->si_code > 0 && number == crashed.signal;
    if (!again)
        raise(crashed.signal);
}

void install() {
    give_crash_stack();
    struct sigaction action {};
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < signals.size(); ++i)
        sigaction(signals[i], &action, &before[i]);
}

} // namespace

void set_on_crash(Act which, void (*act)(const Crash&)) {
    const std::lock_guard lock(mutex);
    wanted[static_cast<std::size_t>(which)] = act;
    bool any = false;
    for (const auto& each : wanted)
        any = any || each.load() != nullptr;
    if (any == installed)
        return;
    installed = any;
    any ? install() : as_before();
}

} // namespace atelier::crash
