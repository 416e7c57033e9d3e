// SPDX-License-Identifier: Apache-2.0
#include "io/atomic_file.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

namespace atelier::io {

namespace {

const char* reason_of(int code) {
    switch (code) {
    case ENOSPC:
    case EDQUOT: return "the disk is full";
    case EFBIG: return "the disk or the file size limit is full";
    case EACCES:
    case EPERM: return "no permission to write there";
    case EROFS: return "the file system is read-only";
    case ENOENT:
    case ENOTDIR: return "its folder does not exist";
    default: return std::strerror(code);
    }
}

// While the lock stands nobody takes the file for one that a killed program left (is_being_written). False: somebody
// has removed it in the moment before.
bool lock_as_alive(int fd) {
    struct stat now {};
    return ::flock(fd, LOCK_EX) != 0 || ::fstat(fd, &now) != 0 || now.st_nlink > 0;
}

} // namespace

void sync_folder(const std::filesystem::path& folder) noexcept {
    const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        ::fsync(fd); // some file systems refuse this; what was done there has succeeded
        ::close(fd);
    }
}

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
    static std::atomic<unsigned> counter{0};
    std::error_code error;
    if (path_.filename().empty() || std::filesystem::is_directory(path_, error)) {
        fail("{}: can't be written: it is a folder; name a file", path_.string());
    }
    if (std::filesystem::exists(path_, error) && !std::filesystem::is_regular_file(path_, error)) {
        fail("{}: can't be written: it is a device or pipe, not a file", path_.string());
    }
    for (int attempt = 0;; ++attempt) {
        temporary_ = path_;
        temporary_ += fmt::format(".part-{}-{}", ::getpid(), counter.fetch_add(1));
        fd_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd_ >= 0 && lock_as_alive(fd_)) {
            pending_ = true;
            return;
        }
        if (fd_ >= 0) {
            ::close(std::exchange(fd_, -1));
            continue;
        }
        if (errno != EEXIST || attempt >= 100) {
            const int code = errno;
            fail("{}: can't be written: {}", path_.string(), reason_of(code));
        }
    }
}

AtomicFile::~AtomicFile() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
    if (pending_) {
        ::unlink(temporary_.c_str());
    }
}

void AtomicFile::write(const void* data, std::size_t bytes) {
    const auto* source = static_cast<const char*>(data);
    while (bytes > 0) {
        const ssize_t done = ::write(fd_, source, bytes);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            const int code = done == 0 ? ENOSPC : errno;
            fail("{}: can't be written: {}", path_.string(), reason_of(code));
        }
        source += done;
        bytes -= static_cast<std::size_t>(done);
    }
}

void AtomicFile::close() {
    const int closed = ::close(fd_);
    const int code = errno;
    fd_ = -1;
    if (closed != 0 && code != EINTR) {
        fail("{}: can't be written: {}", path_.string(), reason_of(code));
    }
}

void AtomicFile::rename() {
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
        const int code = errno;
        fail("{}: can't be written: {}", path_.string(), reason_of(code));
    }
    pending_ = false;
}

void AtomicFile::commit() {
    if (::fsync(fd_) != 0 && errno != EINVAL && errno != ENOTSUP) {
        const int code = errno;
        fail("{}: can't be written: {}", path_.string(), reason_of(code));
    }
    close();
    rename();
    sync_folder(path_.parent_path());
}

void AtomicFile::show() {
    close();
    rename();
}

bool AtomicFile::keep() noexcept {
    if (!pending_) {
        return false;
    }
    pending_ = false;
    if (fd_ >= 0) {
        ::fsync(fd_);
        ::close(std::exchange(fd_, -1));
    }
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
        return false;
    }
    sync_folder(path_.parent_path());
    return true;
}

void write_file(const std::filesystem::path& path, const std::string& text) {
    AtomicFile file(path);
    file.write(text.data(), text.size());
    file.commit();
}

void show_file(const std::filesystem::path& path, const std::string& text) {
    AtomicFile file(path);
    file.write(text.data(), text.size());
    file.show();
}

} // namespace atelier::io
