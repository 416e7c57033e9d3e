// SPDX-License-Identifier: Apache-2.0
// FailingDisk: a folder whose disk does what a test wants: the call of a number that is asked for fails, writes are
// short or interrupted, and everything is written down. It stands before the C library's calls of the whole test
// program, whichever library makes them. For tests only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace atelier::faults {

// A call that changes what the disk holds.
struct DiskCall {
    enum class Kind { create, write, cut, sync, sync_folder, rename, link, remove, make_folder, close };
    Kind kind;
    std::filesystem::path path; // from, of a rename
    std::filesystem::path to;   // of a rename or link
    std::uint64_t inode = 0;    // of create, write, cut, sync
    std::uint64_t offset = 0;   // of a write; the length, of a cut
    std::string bytes;          // of a write
};

class FailingDisk {
public:
    // From now on, for the folder and all below it, on every thread. One at a time.
    explicit FailingDisk(const std::filesystem::path& folder);
    ~FailingDisk(); // a disk like any other
    FailingDisk(const FailingDisk&) = delete;
    FailingDisk& operator=(const FailingDisk&) = delete;

    // The call number `nth`, from 1 and from now on, fails with that errno; so do all after it that need room or may
    // change anything, if it `stays` so. Removing a file always works.
    void fail(std::size_t nth, int error, bool stays);
    bool failed() const;                    // that call has come
    const std::string& failed_call() const; // "write /folder/file"
    void forgive();                         // nothing fails any more
    // Each write takes so many bytes at most, and every other one is interrupted by a signal first.
    void write_little(std::size_t bytes);

    std::vector<DiskCall> calls() const; // since the beginning, those that worked
};

} // namespace atelier::faults
