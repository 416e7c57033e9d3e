// SPDX-License-Identifier: Apache-2.0
#include "train/appended_lines.h"

#include <algorithm>

#include <sys/stat.h>

#include "base/error.h"
#include "base/path_text.h"
#include "io/input_file.h"

namespace atelier::train {
namespace {

constexpr std::uint64_t most_at_once = 16U << 20U;
constexpr std::size_t longest_line = 64U << 10U, longest_shown = 2000;

} // namespace

std::string shown_line(const std::string& text) {
    std::string line = readable_text(text.substr(0, longest_shown));
    std::ranges::replace_if(
        line, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
    return line;
}

std::vector<std::string> AppendedLines::take(bool& anew) {
    anew = false;
    std::vector<std::string> lines;
    try {
        const io::InputFile file(file_);
        struct stat facts {};
        if (::fstat(file.fd(), &facts) != 0) {
            return lines;
        }
        if (file.size() < at_ || facts.st_ino != number_ || facts.st_dev != device_) {
            anew = at_ > 0;
            at_ = 0;
            number_ = facts.st_ino;
            device_ = facts.st_dev;
        }
        std::string text(static_cast<std::size_t>(std::min(most_at_once, file.size() - at_)), '\0');
        file.read_at(at_, text.data(), text.size());
        std::size_t from = 0;
        for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', from)) {
            if (end - from <= longest_line) {
                lines.push_back(text.substr(from, end - from));
            }
            from = end + 1;
        }
        at_ += from == 0 && text.size() == most_at_once ? text.size() : from; // no line at all: on to what follows
    } catch (const Error&) {                                                  // it comes, or comes back
    }
    return lines;
}

} // namespace atelier::train
