// SPDX-License-Identifier: Apache-2.0
#include "crash/crash_stack.h"

#include <csignal>
#include <cstddef>

#include <sys/mman.h>

namespace atelier::crash {
namespace {

// Names of symbols are looked for on it; its pages cost nothing before.
constexpr std::size_t stack_bytes = 256 * 1024;

struct CrashStack {
    CrashStack() {
        stack_t there{};
        if (sigaltstack(nullptr, &there) != 0 || (there.ss_flags & SS_DISABLE) == 0)
            return; // somebody has given it one: a sanitizer
        memory = mmap(nullptr, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
        const stack_t ours{memory, 0, stack_bytes};
        if (memory != MAP_FAILED)
            sigaltstack(&ours, nullptr);
    }
    ~CrashStack() {
        if (memory == MAP_FAILED)
            return;
        const stack_t none{nullptr, SS_DISABLE, 0};
        sigaltstack(&none, nullptr);
        munmap(memory, stack_bytes);
    }
    CrashStack(const CrashStack&) = delete;
    CrashStack& operator=(const CrashStack&) = delete;

    void* memory = MAP_FAILED;
};

} // namespace

void give_crash_stack() {
    thread_local const CrashStack stack;
}

} // namespace atelier::crash
