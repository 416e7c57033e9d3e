// SPDX-License-Identifier: Apache-2.0
// AtomicFile: a file that appears under its final name only when it is complete and, unless told, on the disk.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace atelier::io {

class AtomicFile {
public:
    // Creates "<name>.part-<pid>-<n>" in the same folder, locked as long as it is written. Throws Error naming the path
    // and the reason.
    explicit AtomicFile(std::filesystem::path path);
    ~AtomicFile(); // removes the temporary file unless committed or kept
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(const void* data, std::size_t bytes); // throws Error (disk full, ...)
    // fsync, rename, fsync of the folder. Throws Error; keep() can still be tried then.
    void commit();
    // The rename alone: others find it whole, and a power cut may undo it. Throws Error.
    void show();

    // What is there becomes the file even if the disk takes no more: for what is worth having although it isn't whole.
    // False: it can't get its name, and stays under the temporary one.
    bool keep() noexcept;

    const std::filesystem::path& temporary() const { return temporary_; }

private:
    void close();
    void rename();

    std::filesystem::path path_;
    std::filesystem::path temporary_;
    int fd_ = -1;
    bool pending_ = false; // the temporary file is there, and goes with this
};

// What was renamed, made or removed in the folder is on the disk then, where its file system can do that.
void sync_folder(const std::filesystem::path& folder) noexcept;

// A whole file at once, in the same way.
void write_file(const std::filesystem::path& path, const std::string& text);
// Without waiting for the disk, which may take seconds: for what is written anew all the time for others to read.
void show_file(const std::filesystem::path& path, const std::string& text);

} // namespace atelier::io
