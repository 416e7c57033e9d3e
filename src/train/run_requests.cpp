// SPDX-License-Identifier: Apache-2.0
#include "train/run_requests.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

namespace atelier::train {
namespace fs = std::filesystem;

fs::path request_file(const fs::path& run, RunRequest what) {
    return run / (what == RunRequest::stop ? "request-stop" : "request-snapshot");
}

void ask_of_run(const fs::path& run, RunRequest what) {
    const fs::path file = request_file(run, what);
    // An empty file appears whole, so it needs no temporary name.
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0 && errno != EEXIST) {
        fail("{}: can't be made ({}), so nothing can be asked of the run; it takes the right to write into its folder.",
             file.string(), std::strerror(errno));
    }
    if (fd >= 0) {
        ::close(fd);
    }
}

bool is_asked(const fs::path& run, RunRequest what) {
    struct stat facts {};
    return ::lstat(request_file(run, what).c_str(), &facts) == 0;
}

std::vector<RunRequest> take_requests(const fs::path& run, std::vector<std::string>& troubles) {
    std::vector<RunRequest> taken;
    for (const RunRequest what : {RunRequest::snapshot, RunRequest::stop}) { // the stop last
        const fs::path file = request_file(run, what);
        struct stat facts {};
        if (::lstat(file.c_str(), &facts) != 0) {
            continue;
        }
        if (!S_ISREG(facts.st_mode)) {
            troubles.push_back(
                fmt::format("{}: is no plain file, so it is not taken for a request; remove it.", file.string()));
        } else if (::unlink(file.c_str()) != 0) {
            troubles.push_back(fmt::format("{}: can't be removed ({}), so it is not taken for a request; it takes the "
                                           "right to write into the folder of the run.",
                                           file.string(), std::strerror(errno)));
        } else {
            taken.push_back(what);
        }
    }
    return taken;
}

} // namespace atelier::train
