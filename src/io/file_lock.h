// SPDX-License-Identifier: Apache-2.0
// FileLock: whether the program that works on something is still there. The system lets go of the lock when a process
// ends, however it ends, so nobody is taken for another who has the same number later, or for one before a restart.
#pragma once

#include <filesystem>
#include <optional>
#include <utility>

namespace atelier::io {

class FileLock {
public:
    // Makes the file and locks it; none: somebody holds it. Where the file system knows no locks all is as if nobody
    // else were there. Throws Error naming the file if it can't be made.
    static std::optional<FileLock> take(const std::filesystem::path& file);
    ~FileLock(); // removes the file
    FileLock(FileLock&& other) noexcept : file_(std::move(other.file_)), fd_(std::exchange(other.fd_, -1)) {}
    FileLock& operator=(FileLock&& other) noexcept;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    FileLock(std::filesystem::path file, int fd) : file_(std::move(file)), fd_(fd) {}
    void let_go();
    std::filesystem::path file_;
    int fd_ = -1;
};

// Whether a living AtomicFile writes this temporary file. What can't be opened counts as written.
bool is_being_written(const std::filesystem::path& temporary);

} // namespace atelier::io
