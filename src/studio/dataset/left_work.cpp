// SPDX-License-Identifier: Apache-2.0
#include "studio/dataset/left_work.h"

#include <algorithm>
#include <optional>

#include "base/log.h"
#include "io/file_lock.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr const char* ending = ".work";

// As prepare::WorkFolder names its files.
bool is_of_work(const fs::path& file) {
    const std::string key = file.extension() == ".part" ? file.stem().string() : file.filename().string();
    return key == "lock" || (key.size() == 40 && key.find_first_not_of("0123456789abcdef") == std::string::npos);
}

std::optional<LeftWork> look(const fs::path& folder) {
    std::error_code error;
    if (folder.extension() != ending || fs::is_symlink(folder, error) || !fs::is_directory(folder, error))
        return std::nullopt;
    LeftWork work{folder, 0};
    std::size_t files = 0;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        if (!is_of_work(it->path()) || it->is_symlink(error) || !it->is_regular_file(error))
            return std::nullopt; // it holds what is somebody else's
        if (it->path().filename() == "lock" && io::is_being_written(it->path()))
            return std::nullopt;
        work.bytes += it->file_size(error);
        ++files;
    }
    return error || files == 0 ? std::nullopt : std::optional(work);
}

} // namespace

std::vector<LeftWork> find_left_work(const std::vector<std::string>& folders) {
    std::vector<LeftWork> found;
    for (const std::string& folder : folders) {
        if (auto work = look(folder))
            found.push_back(std::move(*work));
    }
    return found;
}

void remove_left_work(const std::vector<LeftWork>& all) {
    for (const LeftWork& each : all) {
        std::error_code error;
        if (!look(each.folder))
            continue;
        std::vector<fs::path> files;
        for (fs::directory_iterator it(each.folder, error), end; !error && it != end; it.increment(error))
            files.push_back(it->path());
        for (const fs::path& file : files)
            fs::remove(file, error);
        fs::remove(each.folder, error); // if nothing has come into it meanwhile
        if (error)
            log_warning("{}: can't be removed: {}", each.folder.string(), error.message());
    }
}

} // namespace atelier::studio
