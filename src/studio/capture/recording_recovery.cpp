// SPDX-License-Identifier: Apache-2.0
#include "studio/capture/recording_recovery.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/log.h"
#include "io/file_lock.h"
#include "media/salvage.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr std::array video_endings{".mp4", ".mov", ".mkv"};

// "walk.mp4.part-12-0" -> walk.mp4.
std::optional<std::string> target_of(const std::string& name) {
    const std::string mark = ".part-";
    const std::size_t at = name.rfind(mark);
    if (at == std::string::npos || at == 0)
        return std::nullopt;
    std::string target = name.substr(0, at);
    const std::string ending = fs::path(target).extension().string();
    if (std::find(video_endings.begin(), video_endings.end(), ending) == video_endings.end())
        return std::nullopt;
    const char* end = name.data() + name.size();
    long writer = 0;
    const auto [after, error] = std::from_chars(name.data() + at + mark.size(), end, writer);
    if (error != std::errc() || after == end || *after != '-' || writer <= 0)
        return std::nullopt;
    return target;
}

fs::path recovered_name(const fs::path& folder, const fs::path& target) {
    std::error_code ignored;
    for (int i = 1;; ++i) {
        const std::string number = i == 1 ? "" : fmt::format(" {}", i);
        const fs::path name =
            folder / (target.stem().string() + " (recovered" + number + ")" + target.extension().string());
        if (!fs::exists(name, ignored))
            return name;
    }
}

} // namespace

std::vector<fs::path> recover_recordings(const fs::path& folder) {
    std::vector<fs::path> left, recovered;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        const auto part = target_of(it->path().filename().string());
        std::error_code ignored;
        if (part && it->is_regular_file(ignored) && !it->is_symlink(ignored) && !io::is_being_written(it->path()))
            left.push_back(it->path());
    }
    std::sort(left.begin(), left.end());
    for (const fs::path& file : left) {
        const fs::path target = *target_of(file.filename().string());
        if (const auto size = fs::file_size(file, error); !error && size == 0) {
            fs::remove(file, error);
            continue;
        }
        if (target.extension() != ".mkv" && !media::has_fragments(file))
            continue;
        const fs::path name = recovered_name(folder, target);
        fs::rename(file, name, error);
        if (error) {
            log_warning("{}: an earlier recording, which can't be renamed: {}", file.string(), error.message());
        } else {
            recovered.push_back(name);
        }
    }
    return recovered;
}

} // namespace atelier::studio
