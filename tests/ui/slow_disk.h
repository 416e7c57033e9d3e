// SPDX-License-Identifier: Apache-2.0
// SlowDisk: a folder in which every look takes 200 ms, as on a network that is far away, and a list of who looked. It
// stands before the C library's functions for the whole test program. For tests only.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace atelier::testing {

class SlowDisk {
public:
    // From now on, for this folder and all below it; the thread that calls this is the one that must not wait.
    explicit SlowDisk(const std::filesystem::path& folder);
    ~SlowDisk(); // as fast as before
    SlowDisk(const SlowDisk&) = delete;
    SlowDisk& operator=(const SlowDisk&) = delete;

    std::vector<std::string> looks_of_this_thread() const; // "stat /folder/file"
    std::size_t looks_of_others() const;
};

} // namespace atelier::testing
