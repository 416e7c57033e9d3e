// SPDX-License-Identifier: Apache-2.0
// AppendedLines: the lines of a text file that another program, on this machine or another, appends to. No torch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace atelier::train {

// A text of a stranger's as it may be shown: of one line, UTF-8, without control characters, at most 2,000 bytes.
std::string shown_line(const std::string& text);

class AppendedLines {
public:
    explicit AppendedLines(std::filesystem::path file) : file_(std::move(file)) {}

    // The whole lines since the last look, without their ends, at most 16 MiB of them; longer ones than 64 KiB are left
    // out. A file that isn't there, or can't be read at the moment, has none. `anew`: it is another file by now, or
    // shorter than it was, and its lines begin again.
    std::vector<std::string> take(bool& anew);

private:
    std::filesystem::path file_;
    std::uint64_t device_ = 0, number_ = 0; // of the file that was read
    std::uint64_t at_ = 0;                  // bytes taken
};

} // namespace atelier::train
