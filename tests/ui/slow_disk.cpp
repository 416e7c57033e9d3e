// SPDX-License-Identifier: Apache-2.0
#include "ui/slow_disk.h"

#include <atomic>
#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <thread>

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

constexpr std::chrono::milliseconds delay{200};

std::atomic<bool> watching = false;
std::mutex mutex;
std::string folder; // with a slash at its end
std::thread::id watched;
std::vector<std::string> of_watched;
std::size_t of_others = 0;
thread_local bool inside = false; // of what stands below

void look(const char* call, int at, const char* name) {
    if (!watching || inside || name == nullptr) {
        return;
    }
    inside = true;
    std::string path = name;
    if (path.empty() || path[0] != '/') {
        char whole[4096];
        const std::string link = at == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/" + std::to_string(at);
        const ssize_t length = readlink(link.c_str(), whole, sizeof whole);
        path = std::string(whole, length > 0 ? static_cast<std::size_t>(length) : 0) + "/" + path;
    }
    bool slow = false;
    {
        const std::lock_guard lock(mutex);
        slow = watching && (path + "/").starts_with(folder);
        if (slow && std::this_thread::get_id() == watched) {
            of_watched.push_back(std::string(call) + " " + path);
        } else if (slow) {
            ++of_others;
        }
    }
    if (slow) {
        std::this_thread::sleep_for(delay);
    }
    inside = false;
}

template <typename Function> Function* next(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

} // namespace

// The C library's own, each behind a look. Both names of those that have two.
extern "C" {
#define SLOW_STAT(name, type)                                                                                          \
    int name(const char* path, struct type* out) noexcept {                                                            \
        static auto* const real = next<int(const char*, struct type*)>(#name);                                         \
        look(#name, AT_FDCWD, path);                                                                                   \
        return real(path, out);                                                                                        \
    }
SLOW_STAT(stat, stat)
SLOW_STAT(lstat, stat)
SLOW_STAT(stat64, stat64)
SLOW_STAT(lstat64, stat64)
// As libraries that were built against an older C library call them.
#define SLOW_XSTAT(name, type, real)                                                                                   \
    int name(int, const char* path, struct type* out) noexcept {                                                       \
        return real(path, out);                                                                                        \
    }
SLOW_XSTAT(__xstat, stat, stat)
SLOW_XSTAT(__lxstat, stat, lstat)
SLOW_XSTAT(__xstat64, stat64, stat64)
SLOW_XSTAT(__lxstat64, stat64, lstat64)
#define SLOW_STAT_AT(name, type)                                                                                       \
    int name(int at, const char* path, struct type* out, int flags) noexcept {                                         \
        static auto* const real = next<int(int, const char*, struct type*, int)>(#name);                               \
        look(#name, at, path);                                                                                         \
        return real(at, path, out, flags);                                                                             \
    }
SLOW_STAT_AT(fstatat, stat)
SLOW_STAT_AT(fstatat64, stat64)
#define SLOW_OPEN(name)                                                                                                \
    int name(const char* path, int flags, ...) {                                                                       \
        static auto* const real = next<int(const char*, int, ...)>(#name);                                             \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        const mode_t mode = va_arg(more, mode_t);                                                                      \
        va_end(more);                                                                                                  \
        look(#name, AT_FDCWD, path);                                                                                   \
        return real(path, flags, mode);                                                                                \
    }
SLOW_OPEN(open)
SLOW_OPEN(open64)
#define SLOW_OPEN_AT(name)                                                                                             \
    int name(int at, const char* path, int flags, ...) {                                                               \
        static auto* const real = next<int(int, const char*, int, ...)>(#name);                                        \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        const mode_t mode = va_arg(more, mode_t);                                                                      \
        va_end(more);                                                                                                  \
        look(#name, at, path);                                                                                         \
        return real(at, path, flags, mode);                                                                            \
    }
SLOW_OPEN_AT(openat)
SLOW_OPEN_AT(openat64)
#define SLOW_FOPEN(name)                                                                                               \
    FILE* name(const char* path, const char* mode) {                                                                   \
        static auto* const real = next<FILE*(const char*, const char*)>(#name);                                        \
        look(#name, AT_FDCWD, path);                                                                                   \
        return real(path, mode);                                                                                       \
    }
SLOW_FOPEN(fopen)
SLOW_FOPEN(fopen64)
DIR* opendir(const char* path) {
    static auto* const real = next<DIR*(const char*)>("opendir");
    look("opendir", AT_FDCWD, path);
    return real(path);
}
int access(const char* path, int mode) noexcept {
    static auto* const real = next<int(const char*, int)>("access");
    look("access", AT_FDCWD, path);
    return real(path, mode);
}
int statx(int at, const char* path, int flags, unsigned int mask, struct statx* out) noexcept {
    static auto* const real = next<int(int, const char*, int, unsigned int, struct statx*)>("statx");
    look("statx", at, path);
    return real(at, path, flags, mask, out);
}
}

namespace atelier::testing {

SlowDisk::SlowDisk(const std::filesystem::path& path) {
    const std::lock_guard lock(mutex);
    folder = path.string() + "/";
    watched = std::this_thread::get_id();
    of_watched.clear();
    of_others = 0;
    watching = true;
}

SlowDisk::~SlowDisk() {
    watching = false;
}

std::vector<std::string> SlowDisk::looks_of_this_thread() const {
    const std::lock_guard lock(mutex);
    return of_watched;
}

std::size_t SlowDisk::looks_of_others() const {
    const std::lock_guard lock(mutex);
    return of_others;
}

} // namespace atelier::testing
