// SPDX-License-Identifier: Apache-2.0
#include "faults/failing_disk.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <mutex>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace atelier::faults {
namespace {

using Kind = DiskCall::Kind;

std::atomic<bool> watching = false;
std::recursive_mutex mutex;
std::string folder; // with a slash at its end
std::size_t count = 0, fails_at = 0, little = 0;
int with_error = 0;
bool stays_so = false, has_failed = false, interrupted = false;
std::string what_failed;
std::vector<DiskCall> all;
thread_local bool inside = false; // of what stands below

struct Inside {
    Inside() { inside = true; }
    ~Inside() { inside = false; }
};

std::string whole(int at, const char* name) {
    std::string path = name == nullptr ? "" : name;
    if (!path.empty() && path[0] == '/')
        return path;
    char base[4096];
    const std::string link = at == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/" + std::to_string(at);
    const ssize_t length = readlink(link.c_str(), base, sizeof base);
    return std::string(base, length > 0 ? static_cast<std::size_t>(length) : 0) + (path.empty() ? "" : "/" + path);
}

bool ours(const std::string& path) {
    return (path + "/").starts_with(folder);
}

// What a full disk refuses from then on; it still gives names and takes away.
bool needs_room(const char* call) {
    const std::string name = call;
    return with_error != ENOSPC || name == "open" || name == "write" || name == "mkdir" || name == "link";
}

// Whether the call is to fail; errno is set then.
bool refuse(const char* call, const std::string& path) {
    ++count;
    const bool now = fails_at != 0 && (count == fails_at || (stays_so && count > fails_at && needs_room(call)));
    if (!now)
        return false;
    if (!has_failed)
        what_failed = std::string(call) + " " + path;
    has_failed = true;
    errno = with_error;
    return true;
}

std::uint64_t inode_of(int fd) {
    struct stat facts {};
    return fstat(fd, &facts) == 0 ? facts.st_ino : 0;
}

template <typename Function> Function* next(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool changes(int flags) {
    return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
}

template <typename Open> int opened(int at, const char* name, int flags, const Open& open) {
    if (!watching || inside || !changes(flags))
        return open();
    const Inside guard;
    const std::lock_guard lock(mutex);
    const std::string path = whole(at, name);
    if (!ours(path))
        return open();
    struct stat before {};
    const bool there = stat(path.c_str(), &before) == 0;
    if (refuse("open", path))
        return -1;
    const int fd = open();
    if (fd >= 0 && !there)
        all.push_back({Kind::create, path, {}, inode_of(fd), 0, {}});
    if (fd >= 0 && there && (flags & O_TRUNC) != 0)
        all.push_back({Kind::cut, path, {}, inode_of(fd), 0, {}});
    return fd;
}

// `offset`: -1 where the file stands, -2 at its end.
template <typename Write>
ssize_t written(int fd, const char* data, std::size_t bytes, std::int64_t offset, const Write& write) {
    if (!watching || inside)
        return write(bytes);
    const Inside guard;
    const std::lock_guard lock(mutex);
    const std::string path = whole(fd, "");
    if (!ours(path))
        return write(bytes);
    if (little > 0 && (interrupted = !interrupted)) {
        errno = EINTR;
        return -1;
    }
    if (refuse("write", path))
        return -1;
    struct stat facts {};
    fstat(fd, &facts);
    if (offset == -1)
        offset = (fcntl(fd, F_GETFL) & O_APPEND) != 0 ? facts.st_size : lseek(fd, 0, SEEK_CUR);
    const ssize_t n = write(little > 0 ? std::min(bytes, little) : bytes);
    if (n > 0)
        all.push_back({Kind::write,
                       path,
                       {},
                       facts.st_ino,
                       static_cast<std::uint64_t>(offset),
                       std::string(data, static_cast<std::size_t>(n))});
    return n;
}

template <typename Call> int on_file(const char* name, int fd, Kind kind, std::uint64_t length, const Call& call) {
    if (!watching || inside)
        return call();
    const Inside guard;
    const std::lock_guard lock(mutex);
    const std::string path = whole(fd, "");
    struct stat facts {};
    const bool is_folder = fstat(fd, &facts) == 0 && S_ISDIR(facts.st_mode);
    const bool plain = is_folder || S_ISREG(facts.st_mode);
    if (!ours(path) || !plain || (kind == Kind::close && ((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY)))
        return call();
    const bool no = refuse(name, path);
    if (no && kind != Kind::close) // what closes is closed all the same
        return -1;
    const int error = errno;
    const int result = call();
    if (no) {
        errno = error;
        return -1;
    }
    if (result == 0)
        all.push_back({kind == Kind::sync && is_folder ? Kind::sync_folder : kind, path, {}, facts.st_ino, length, {}});
    return result;
}

template <typename Call>
int on_names(const char* name, Kind kind, int at, const char* from, int to_at, const char* to, bool may_fail,
             const Call& call) {
    if (!watching || inside)
        return call();
    const Inside guard;
    const std::lock_guard lock(mutex);
    const std::string path = whole(at, from), target = to == nullptr ? "" : whole(to_at, to);
    if (!ours(path) && !(to != nullptr && ours(target)))
        return call();
    if (may_fail && refuse(name, to == nullptr ? path : target))
        return -1;
    const int result = call();
    if (result == 0)
        all.push_back({kind, path, target, 0, 0, {}});
    return result;
}

} // namespace

FailingDisk::FailingDisk(const std::filesystem::path& where) {
    const std::lock_guard lock(mutex);
    folder = where.string() + "/";
    count = fails_at = little = 0;
    has_failed = interrupted = false;
    what_failed.clear();
    all.clear();
    watching = true;
}

FailingDisk::~FailingDisk() {
    watching = false;
}

void FailingDisk::fail(std::size_t nth, int error, bool stays) {
    const std::lock_guard lock(mutex);
    count = 0;
    fails_at = nth;
    with_error = error;
    stays_so = stays;
    has_failed = false;
    what_failed.clear();
}

bool FailingDisk::failed() const {
    const std::lock_guard lock(mutex);
    return has_failed;
}

const std::string& FailingDisk::failed_call() const {
    return what_failed;
}

void FailingDisk::forgive() {
    const std::lock_guard lock(mutex);
    fails_at = 0;
}

void FailingDisk::write_little(std::size_t bytes) {
    const std::lock_guard lock(mutex);
    little = bytes;
}

std::vector<DiskCall> FailingDisk::calls() const {
    const std::lock_guard lock(mutex);
    return all;
}

} // namespace atelier::faults

using namespace atelier::faults;

// The C library's own, each behind the above. Both names of those that have two.
extern "C" {
#define FAULT_OPEN(name)                                                                                               \
    int name(const char* path, int flags, ...) {                                                                       \
        static auto* const real = next<int(const char*, int, ...)>(#name);                                             \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        const mode_t mode = va_arg(more, mode_t);                                                                      \
        va_end(more);                                                                                                  \
        return opened(AT_FDCWD, path, flags, [&] { return real(path, flags, mode); });                                 \
    }
FAULT_OPEN(open)
FAULT_OPEN(open64)
#define FAULT_OPEN_AT(name)                                                                                            \
    int name(int at, const char* path, int flags, ...) {                                                               \
        static auto* const real = next<int(int, const char*, int, ...)>(#name);                                        \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        const mode_t mode = va_arg(more, mode_t);                                                                      \
        va_end(more);                                                                                                  \
        return opened(at, path, flags, [&] { return real(at, path, flags, mode); });                                   \
    }
FAULT_OPEN_AT(openat)
FAULT_OPEN_AT(openat64)
ssize_t write(int fd, const void* data, size_t bytes) {
    static auto* const real = next<ssize_t(int, const void*, size_t)>("write");
    return written(fd, static_cast<const char*>(data), bytes, -1, [&](size_t n) { return real(fd, data, n); });
}
#define FAULT_PWRITE(name)                                                                                             \
    ssize_t name(int fd, const void* data, size_t bytes, off_t offset) {                                               \
        static auto* const real = next<ssize_t(int, const void*, size_t, off_t)>(#name);                               \
        return written(fd, static_cast<const char*>(data), bytes, offset,                                              \
                       [&](size_t n) { return real(fd, data, n, offset); });                                           \
    }
FAULT_PWRITE(pwrite)
FAULT_PWRITE(pwrite64)
ssize_t writev(int fd, const iovec* parts, int many) { // as several calls, of which the first that is short is the last
    static auto* const real = next<ssize_t(int, const iovec*, int)>("writev");
    if (!watching || inside)
        return real(fd, parts, many);
    ssize_t total = 0;
    for (int i = 0; i < many; ++i) {
        const ssize_t n = write(fd, parts[i].iov_base, parts[i].iov_len);
        if (n < 0)
            return total > 0 ? total : n;
        total += n;
        if (static_cast<size_t>(n) < parts[i].iov_len)
            break;
    }
    return total;
}
int fsync(int fd) {
    static auto* const real = next<int(int)>("fsync");
    return on_file("fsync", fd, Kind::sync, 0, [&] { return real(fd); });
}
int fdatasync(int fd) {
    static auto* const real = next<int(int)>("fdatasync");
    return on_file("fdatasync", fd, Kind::sync, 0, [&] { return real(fd); });
}
int close(int fd) {
    static auto* const real = next<int(int)>("close");
    return on_file("close", fd, Kind::close, 0, [&] { return real(fd); });
}
#define FAULT_CUT(name)                                                                                                \
    int name(int fd, off_t length) noexcept {                                                                          \
        static auto* const real = next<int(int, off_t)>(#name);                                                        \
        return on_file(#name, fd, Kind::cut, static_cast<std::uint64_t>(length), [&] { return real(fd, length); });    \
    }
FAULT_CUT(ftruncate)
FAULT_CUT(ftruncate64)
int rename(const char* from, const char* to) noexcept {
    static auto* const real = next<int(const char*, const char*)>("rename");
    return on_names("rename", Kind::rename, AT_FDCWD, from, AT_FDCWD, to, true, [&] { return real(from, to); });
}
int renameat(int from_at, const char* from, int to_at, const char* to) noexcept {
    static auto* const real = next<int(int, const char*, int, const char*)>("renameat");
    return on_names("rename", Kind::rename, from_at, from, to_at, to, true,
                    [&] { return real(from_at, from, to_at, to); });
}
int link(const char* from, const char* to) noexcept {
    static auto* const real = next<int(const char*, const char*)>("link");
    return on_names("link", Kind::link, AT_FDCWD, from, AT_FDCWD, to, true, [&] { return real(from, to); });
}
int mkdir(const char* path, mode_t mode) noexcept {
    static auto* const real = next<int(const char*, mode_t)>("mkdir");
    return on_names("mkdir", Kind::make_folder, AT_FDCWD, path, 0, nullptr, true, [&] { return real(path, mode); });
}
int unlink(const char* path) noexcept {
    static auto* const real = next<int(const char*)>("unlink");
    return on_names("unlink", Kind::remove, AT_FDCWD, path, 0, nullptr, false, [&] { return real(path); });
}
int unlinkat(int at, const char* path, int flags) noexcept {
    static auto* const real = next<int(int, const char*, int)>("unlinkat");
    return on_names("unlink", Kind::remove, at, path, 0, nullptr, false, [&] { return real(at, path, flags); });
}
int remove(const char* path) noexcept {
    static auto* const real = next<int(const char*)>("remove");
    return on_names("unlink", Kind::remove, AT_FDCWD, path, 0, nullptr, false, [&] { return real(path); });
}
}
