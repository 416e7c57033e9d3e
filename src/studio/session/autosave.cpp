// SPDX-License-Identifier: Apache-2.0
#include "studio/session/autosave.h"

#include <charconv>
#include <csignal>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file_names.h"
#include "base/log.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view autosave_prefix = "autosave-";

// The process that writes an autosave; 0: the name is another's.
long pid_of(const fs::path& file) {
    const std::string name = file.filename().string();
    if (!name.starts_with(autosave_prefix) || !is_session_file(file))
        return 0;
    long pid = 0;
    const char* const end = name.data() + name.size() - std::string_view(session_extension).size();
    const auto [rest, error] = std::from_chars(name.data() + autosave_prefix.size(), end, pid);
    return error == std::errc() && (rest == end || *rest == '-') ? pid : 0;
}

} // namespace

fs::path free_autosave(const fs::path& folder) {
    const std::string stem = fmt::format("{}{}", autosave_prefix, getpid());
    std::error_code ignored;
    fs::path file = folder / (stem + session_extension);
    for (int i = 2; fs::exists(file, ignored); ++i)
        file = folder / fmt::format("{}-{}{}", stem, i, session_extension);
    return file;
}

std::pair<std::optional<Session>, fs::path> left_behind(const fs::path& folder) {
    std::error_code error;
    for (const fs::path& file : newest_first(folder)) {
        const long pid = pid_of(file);
        if (pid <= 0 || (pid != getpid() && kill(static_cast<pid_t>(pid), 0) == 0))
            continue;
        try {
            return {load_session(file), file};
        } catch (const std::exception& problem) {
            const std::string aside = file.string() + ".unreadable";
            log_warning("what was left of the last session can't be read and is kept as {}: {}", aside,
                        message_of(problem));
            fs::rename(file, aside, error);
        }
    }
    return {};
}

} // namespace atelier::studio
