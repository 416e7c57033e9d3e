// SPDX-License-Identifier: Apache-2.0
// InputFile: an open regular file of known size. What a reader may open is decided here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace atelier::io {

class InputFile {
public:
    // Throws Error "<path>: ..." when it is missing, a folder, no regular file, unreadable or empty.
    explicit InputFile(std::filesystem::path path);
    // Takes over `fd`, open for reading; `name` stands for the path in messages. Throws Error as above.
    InputFile(int fd, std::filesystem::path name);
    ~InputFile();
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;

    std::uint64_t size() const { return size_; }
    const std::filesystem::path& path() const { return path_; }
    int fd() const { return fd_; } // stays the file's own

    // Exactly `bytes` bytes; throws Error "<path>: ..." when they can't be had.
    void read_at(std::uint64_t offset, void* into, std::uint64_t bytes) const;
    std::vector<std::uint8_t> read_all() const;

private:
    void look();

    std::filesystem::path path_;
    int fd_ = -1;
    std::uint64_t size_ = 0;
};

} // namespace atelier::io
