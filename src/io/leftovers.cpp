// SPDX-License-Identifier: Apache-2.0
#include "io/leftovers.h"

#include <algorithm>
#include <iterator>
#include <string>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace atelier::io {
namespace fs = std::filesystem;
namespace {

bool is_number(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

// "settings.json.part-12-0"
bool is_part(const std::string& name) {
    const std::string mark = ".part-";
    const std::size_t at = name.rfind(mark);
    if (at == std::string::npos || at == 0)
        return false;
    const std::string numbers = name.substr(at + mark.size());
    const std::size_t dash = numbers.find('-');
    return dash != std::string::npos && is_number(numbers.substr(0, dash)) && is_number(numbers.substr(dash + 1));
}

// Under its lock, so that a writer who has just made the file sees that it is gone and makes another.
bool remove_unless_written(const fs::path& file) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return false;
    const bool ours = ::flock(fd, LOCK_EX | LOCK_NB) == 0;
    const bool removed = ours && ::unlink(file.c_str()) == 0;
    ::close(fd);
    return removed;
}

} // namespace

std::vector<fs::path> remove_leftovers(const fs::path& folder) {
    std::vector<fs::path> left, removed;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        std::error_code ignored;
        if (is_part(it->path().filename().string()) && it->is_regular_file(ignored) && !it->is_symlink(ignored))
            left.push_back(it->path());
    }
    std::ranges::copy_if(left, std::back_inserter(removed), remove_unless_written);
    std::ranges::sort(removed);
    return removed;
}

} // namespace atelier::io
