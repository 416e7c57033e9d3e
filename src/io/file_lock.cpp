// SPDX-License-Identifier: Apache-2.0
#include "io/file_lock.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

namespace atelier::io {
namespace {

// Whether the open file is the one that has the name, and not one that was removed meanwhile.
bool is_still_there(int fd, const std::filesystem::path& file) {
    struct stat opened {};
    struct stat named {};
    return ::fstat(fd, &opened) == 0 && ::stat(file.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
           opened.st_dev == named.st_dev;
}

} // namespace

std::optional<FileLock> FileLock::take(const std::filesystem::path& file) {
    while (true) {
        const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (fd < 0) {
            fail("{}: can't be made: {}.", file.string(), std::strerror(errno));
        }
        if (::flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            ::close(fd);
            return std::nullopt;
        }
        if (is_still_there(fd, file)) {
            return FileLock(file, fd);
        }
        ::close(fd); // its last holder removed it between the two calls
    }
}

FileLock::~FileLock() {
    let_go();
}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
    let_go();
    file_ = std::move(other.file_);
    fd_ = std::exchange(other.fd_, -1);
    return *this;
}

void FileLock::let_go() {
    if (fd_ >= 0) {
        ::unlink(file_.c_str()); // while it is still ours
        ::close(std::exchange(fd_, -1));
    }
}

bool is_being_written(const std::filesystem::path& temporary) {
    const int fd = ::open(temporary.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return errno != ENOENT;
    }
    const bool held = ::flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(fd);
    return held;
}

} // namespace atelier::io
