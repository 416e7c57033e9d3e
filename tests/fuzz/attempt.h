// SPDX-License-Identifier: Apache-2.0
// What the targets have in common: bytes as a file, and a try that lets only Error pass.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "io/byte_reader.h"

namespace atelier::fuzz {

// A file that lies in memory alone, for readers that take a path.
class MemoryFile {
public:
    explicit MemoryFile(io::Bytes data) : fd_(memfd_create("fuzz", MFD_CLOEXEC)) {
        if (fd_ < 0 || ftruncate(fd_, 0) != 0) {
            std::perror("memfd_create");
            std::abort();
        }
        for (std::size_t at = 0; at < data.size();) {
            const ssize_t put = ::write(fd_, data.data() + at, data.size() - at);
            if (put <= 0) {
                std::perror("write");
                std::abort();
            }
            at += static_cast<std::size_t>(put);
        }
    }
    ~MemoryFile() { ::close(fd_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(fd_); }

private:
    int fd_;
};

// Calls `what`; an Error has to be one line of text.
template <typename What> void attempt(const What& what) {
    try {
        what();
    } catch (const Error& error) {
        const std::string text = error.what();
        if (text.empty() || text.size() > 4000 || text.find('\n') != std::string::npos) {
            std::fprintf(stderr, "not one sentence: %s\n", text.c_str());
            std::abort();
        }
    }
}

} // namespace atelier::fuzz
