// SPDX-License-Identifier: Apache-2.0
// A library for LD_PRELOAD: memory fails in the program that has it, from when it opens a file whose name ends with
// ATELIER_FAILING_FROM. ATELIER_FAILING_ALLOCATION and ATELIER_FAILING_BYTES say which allocation, as of FailingMemory;
// the file ATELIER_FAILING_COUNT gets how many there were.
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "faults/failing_memory.h"

namespace {

alignas(atelier::faults::FailingMemory) unsigned char place[sizeof(atelier::faults::FailingMemory)];
atelier::faults::FailingMemory* failing = nullptr; // never ends

std::size_t number(const char* variable) {
    const char* text = std::getenv(variable);
    return text == nullptr ? 0 : std::strtoull(text, nullptr, 10);
}

void opened(const char* file) {
    const char* from = std::getenv("ATELIER_FAILING_FROM");
    if (failing == nullptr && from != nullptr && file != nullptr && std::string_view(file).ends_with(from))
        failing = new (place)
            atelier::faults::FailingMemory(number("ATELIER_FAILING_ALLOCATION"), number("ATELIER_FAILING_BYTES"),
                                           atelier::faults::WhoseMemory::all_threads);
}

void tell() {
    const char* file = std::getenv("ATELIER_FAILING_COUNT");
    if (failing == nullptr || file == nullptr)
        return;
    char digits[20];
    std::size_t at = sizeof digits, rest = failing->count();
    do {
        digits[--at] = static_cast<char>('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    const int fd = static_cast<int>(syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC, 0600));
    [[maybe_unused]] const ssize_t put = write(fd, digits + at, sizeof digits - at);
    close(fd);
}

template <typename Function> Function* next(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" {

#define ATELIER_OPEN(name, parameters, arguments, path)                                                                \
    int name parameters {                                                                                              \
        va_list list;                                                                                                  \
        va_start(list, flags);                                                                                         \
        const unsigned mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(list, unsigned) : 0;                       \
        va_end(list);                                                                                                  \
        opened(path);                                                                                                  \
        static auto* const real = next<int parameters>(#name);                                                         \
        return real arguments;                                                                                         \
    }
ATELIER_OPEN(open, (const char* path, int flags, ...), (path, flags, mode), path)
ATELIER_OPEN(open64, (const char* path, int flags, ...), (path, flags, mode), path)
ATELIER_OPEN(openat, (int folder, const char* path, int flags, ...), (folder, path, flags, mode), path)
ATELIER_OPEN(openat64, (int folder, const char* path, int flags, ...), (folder, path, flags, mode), path)

FILE* fopen(const char* path, const char* mode) {
    opened(path);
    static auto* const real = next<FILE*(const char*, const char*)>("fopen");
    return real(path, mode);
}
FILE* fopen64(const char* path, const char* mode) {
    opened(path);
    static auto* const real = next<FILE*(const char*, const char*)>("fopen64");
    return real(path, mode);
}

// How the program ends (cli/program.cpp).
void _exit(int code) {
    tell();
    syscall(SYS_exit_group, code);
    __builtin_unreachable();
}
}
