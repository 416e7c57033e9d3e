// SPDX-License-Identifier: Apache-2.0
// Also part of the library that stands before a whole program's calls (failing_library.cpp).
#include "faults/failing_memory.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>

// glibc's own, behind the names that stand below.
extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* block, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
}

namespace atelier::faults {
namespace {

std::atomic<bool> watching{false};
std::atomic<WhoseMemory> whose_memory{WhoseMemory::this_thread};
std::atomic<std::size_t> least{0}, fails_at{0}, asked{0};
// What is asked for in here has to work before any thread-local memory of a library loaded late is there.
[[gnu::tls_model("initial-exec")]] thread_local bool here = false;

bool refuse(std::size_t bytes) {
    const WhoseMemory whose = whose_memory;
    if (!watching || bytes < least ||
        (whose != WhoseMemory::all_threads && (whose == WhoseMemory::this_thread) != here))
        return false;
    if (++asked != fails_at)
        return false;
    errno = ENOMEM;
    return true;
}

} // namespace

FailingMemory::FailingMemory(std::size_t nth, std::size_t bytes, WhoseMemory whose) {
    asked = 0;
    fails_at = nth;
    least = bytes;
    whose_memory = whose;
    here = true;
    watching = true;
}

FailingMemory::~FailingMemory() {
    watching = false;
    here = false;
}

bool FailingMemory::failed() const {
    return fails_at > 0 && asked >= fails_at;
}

std::size_t FailingMemory::count() const {
    return asked;
}

} // namespace atelier::faults

extern "C" {

void* malloc(std::size_t bytes) {
    return atelier::faults::refuse(bytes) ? nullptr : __libc_malloc(bytes);
}

void* calloc(std::size_t count, std::size_t bytes) {
    return atelier::faults::refuse(count * bytes) ? nullptr : __libc_calloc(count, bytes);
}

void* realloc(void* block, std::size_t bytes) {
    return atelier::faults::refuse(bytes) ? nullptr : __libc_realloc(block, bytes);
}

void* memalign(std::size_t alignment, std::size_t bytes) {
    return atelier::faults::refuse(bytes) ? nullptr : __libc_memalign(alignment, bytes);
}

void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
    return memalign(alignment, bytes);
}

int posix_memalign(void** block, std::size_t alignment, std::size_t bytes) {
    void* const got = memalign(alignment, bytes);
    if (got == nullptr)
        return ENOMEM;
    *block = got;
    return 0;
}

} // extern "C"
