// SPDX-License-Identifier: Apache-2.0
#include "train/run_folder.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "io/atomic_file.h"

namespace atelier::train {

namespace fs = std::filesystem;

bool RunFolder::holds_run(const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path / "checkpoint.safetensors", error);
}

RunFolder::RunFolder(fs::path path) : path_(std::move(path)) {
    std::optional<io::FileLock> lock = io::FileLock::take(path_ / "lock");
    if (!lock) {
        fail("{}: another program trains in this run folder at the moment; wait until it has ended, or name another "
             "folder.",
             path_.string());
    }
    lock_ = std::make_shared<io::FileLock>(std::move(*lock));
}

RunFolder RunFolder::create(const fs::path& path) {
    if (path.empty()) {
        fail("Training needs a folder for its results; name one with --out.");
    }
    if (holds_run(path)) {
        fail("{} already holds a run; go on with it (--resume {}) or name another folder.", path.string(),
             path.string());
    }
    std::error_code error;
    fs::create_directories(path, error);
    if (error || !fs::is_directory(path)) {
        fail("{}: the run folder can't be made: {}.", path.string(),
             error ? error.message() : std::string("there is a file of that name"));
    }
    if (::access(path.c_str(), W_OK | X_OK) != 0) {
        fail("{}: the run folder can't be written to: {}.", path.string(), std::strerror(errno));
    }
    return RunFolder(path);
}

RunFolder RunFolder::open(const fs::path& path) {
    if (!holds_run(path)) {
        fail("{} holds no run to go on with: there is no checkpoint.safetensors in it.", path.string());
    }
    if (::access(path.c_str(), W_OK | X_OK) != 0) {
        fail("{}: the run folder can't be written to: {}.", path.string(), std::strerror(errno));
    }
    RunFolder folder(path);
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(path, error)) {
        const bool part = entry.path().filename().string().find(".part-") != std::string::npos;
        if (part && !io::is_being_written(entry.path())) {
            fs::remove(entry.path(), error);
        }
    }
    return folder;
}

fs::path RunFolder::snapshot(double kimg) const {
    // Short runs take several within one kimg: those have hundredths in their names.
    const auto hundredths = static_cast<std::int64_t>(std::floor(kimg * 100 + 1e-9));
    const std::string part = hundredths % 100 == 0 ? "" : fmt::format(".{:02d}", hundredths % 100);
    return path_ / fmt::format("snapshot-{:06d}{}.safetensors", hundredths / 100, part);
}

std::vector<fs::path> RunFolder::snapshots() const {
    std::vector<fs::path> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(path_, error)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("snapshot-") && entry.path().extension() == ".safetensors") {
            found.push_back(entry.path());
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

void RunFolder::write_options(const nlohmann::ordered_json& options) const {
    io::write_file(path_ / "options.json", options.dump(2) + "\n");
}

void RunFolder::append(const char* name, const std::string& line) const {
    const fs::path file = path_ / name;
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    const std::string whole = line + "\n";
    struct stat before {};
    const bool known = fd >= 0 && ::fstat(fd, &before) == 0;
    // One write of the whole line, as a rule: a kill leaves it there or not.
    std::size_t done = 0;
    int code = fd < 0 ? errno : 0;
    while (code == 0 && done < whole.size()) {
        const ssize_t n = ::write(fd, whole.data() + done, whole.size() - done);
        if (n < 0 && errno != EINTR) {
            code = errno;
        } else if (n == 0) {
            code = ENOSPC;
        }
        done += n > 0 ? static_cast<std::size_t>(n) : 0;
    }
    if (code != 0 && known) { // half a line would spoil the next one
        [[maybe_unused]] const int cut = ::ftruncate(fd, before.st_size);
    }
    if (fd >= 0) {
        ::close(fd);
    }
    if (code != 0) {
        fail("{}: can't be written: {}.", file.string(), std::strerror(code));
    }
}

void RunFolder::log(const std::string& line) const {
    append("log.txt", line);
}

void RunFolder::append_statistics(const nlohmann::ordered_json& line) const {
    append("stats.jsonl", line.dump());
}

void RunFolder::cut_statistics(std::int64_t ticks) const {
    const fs::path file = path_ / "stats.jsonl";
    std::ifstream in(file);
    if (!in) {
        return;
    }
    std::string kept, line;
    std::int64_t count = 0;
    bool more = false;
    while (std::getline(in, line)) {
        if (count == ticks || in.eof()) { // a line without an end was cut off
            more = true;
            break;
        }
        kept += line + "\n";
        ++count;
    }
    if (more) {
        io::write_file(file, kept);
    }
}

void RunFolder::keep_newest_snapshots(int count) const {
    if (count <= 0) {
        return;
    }
    const std::vector<fs::path> all = snapshots();
    std::error_code error;
    for (std::size_t i = 0; i + static_cast<std::size_t>(count) < all.size(); ++i) {
        fs::remove(all[i], error);
    }
}

} // namespace atelier::train
