// SPDX-License-Identifier: Apache-2.0
#include "io/input_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

namespace atelier::io {

InputFile::InputFile(std::filesystem::path path) : path_(std::move(path)) {
    // Without O_NONBLOCK the open of a named pipe would wait for a writer.
    fd_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd_ < 0) {
        const int reason = errno;
        if (reason == ENOENT || reason == ENOTDIR) {
            fail("{}: there is no such file", path_.string());
        }
        fail("{}: can't be opened for reading ({})", path_.string(), std::strerror(reason));
    }
    look();
}

InputFile::InputFile(int fd, std::filesystem::path name) : path_(std::move(name)), fd_(fd) {
    look();
}

void InputFile::look() {
    struct stat info {};
    const char* problem = nullptr;
    if (::fstat(fd_, &info) != 0) {
        problem = "can't be examined";
    } else if (S_ISDIR(info.st_mode)) {
        problem = "is a folder; name a file in it";
    } else if (!S_ISREG(info.st_mode)) {
        problem = "is a device or pipe, not a file";
    } else if (info.st_size <= 0) {
        problem = "is an empty file";
    }
    if (problem != nullptr) {
        ::close(fd_);
        fail("{}: {}", path_.string(), problem);
    }
    size_ = static_cast<std::uint64_t>(info.st_size);
}

InputFile::~InputFile() {
    ::close(fd_);
}

void InputFile::read_at(std::uint64_t offset, void* into, std::uint64_t bytes) const {
    auto* target = static_cast<char*>(into);
    while (bytes > 0) {
        const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, 1U << 30));
        const ssize_t got = ::pread(fd_, target, part, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            fail("{}: can't be read ({})", path_.string(), std::strerror(errno));
        }
        if (got == 0) {
            fail("{}: ends too early at byte {} (truncated file?)", path_.string(), offset);
        }
        target += got;
        offset += static_cast<std::uint64_t>(got);
        bytes -= static_cast<std::uint64_t>(got);
    }
}

std::vector<std::uint8_t> InputFile::read_all() const {
    std::vector<std::uint8_t> data(static_cast<std::size_t>(size_));
    read_at(0, data.data(), size_);
    return data;
}

} // namespace atelier::io
